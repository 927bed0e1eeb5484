# shellcheck shell=bash disable=SC2016,SC2154
# selftest.sh: what the rest of the family lists: keys, data, filters, orders.

# table: the bundles as lines, into $work/bundles: sid, status, regulation,
# name, valid_until, date_updated, country, type of number, type of end user,
# and their number
table()
{
	control GET regulations >"$work/regulations"
	control GET bundles | perl -MJSON::PP -e '
		my $json = JSON::PP->new->utf8;
		my %regulation;
		binmode STDOUT, ":utf8";
		local $/;
		open my $in, "<", $ARGV[0];
		$regulation{$_->{sid}} = $_ for @{ $json->decode(<$in>) };
		my $number = 0;
		for my $row (@{ $json->decode(<STDIN>) })
		{
			my $regulation = $regulation{ $row->{regulation_sid} };
			my @line = (@{$row}{qw(sid status regulation_sid friendly_name
				valid_until date_updated)},
				@{$regulation}{qw(iso_country number_type end_user_type)},
				$number++);
			print join("\t", map { $_ // "" } @line), "\n";
		}' "$work/regulations" >"$work/bundles"
}
# chosen EXPRESSION: the sids of the lines for which awk finds it true
chosen()
{
	awk -F '\t' "$1"' { print "\"sid\":\"" $1 "\"" }' "$work/bundles" | sort
}
bundles() { walk "$family/Bundles?PageSize=${size:-11}${1:+&$1}"; }
# asks QUERY EXPRESSION: the list has just the rows that it should
asks()
{
	chosen "$2" >"$work/wanted"
	bundles "$1" | sort >"$work/listed"
	ok "list: ${1:0:60}" same "$work/wanted" "$work/listed"
	ok '... which are some, not all' [ "$(wc -l <"$work/wanted")" -gt 0 -a \
		"$(wc -l <"$work/wanted")" -lt "$(wc -l <"$work/bundles")" ]
}
# refuses QUERY CODE
refuses()
{
	ok "${1:0:60} is refused" is "$(status "$family/$1") $(code)" "400 $2"
}
# sorted KEY...: the sids in that order (sort's keys over the lines)
sorted()
{
	sort -t $'\t' "$@" "$work/bundles" | awk -F '\t' '{
		print "\"sid\":\"" $1 "\"" }'
}
# option NAME=VALUE: changes one while it runs
option() { control POST options --data-urlencode "$1" >/dev/null; }

start --documents 400 --bundles 240 --seed 3
table

# --- all of them: keys, sids, paging -------------------------------------
# resource path prefix list-key; {} is a bundle
bundle=$(control GET 'sid?resource=bundles&index=0')
shape()
{
	local path=$family/${2/\{\}/$bundle}
	api "$path?PageSize=1000" >"$work/page"
	ok "$1: the list's key" has "$(cat "$work/page")" "{\"$4\":["
	ok '... and meta agrees' has "$(cat "$work/page")" "\"key\":\"$4\"}"
	[ -n "$3" ] || return
	ok '... sids have their prefix' is \
		"$(sids <"$work/page" | grep -cv "^\"sid\":\"$3[0-9a-f]\{32\}\"$")" 0
}
shape supporting_document_types SupportingDocumentTypes OY \
	supporting_document_types
shape end_user_types EndUserTypes OY end_user_types
shape regulations Regulations RN results
shape end_users EndUsers IT results
shape bundles Bundles BU results
shape item_assignments 'Bundles/{}/ItemAssignments' BV results
shape evaluations 'Bundles/{}/Evaluations' EL results
shape bundle_copies 'Bundles/{}/Copies' BU results
for path in SupportingDocumentTypes EndUserTypes Regulations EndUsers Bundles
do
	walk "$family/$path?PageSize=3" >"$work/all"
	ok "$path: a walk of 3 at a time meets each row once" is \
		"$(sort -u "$work/all" | wc -l)" "$(wc -l <"$work/all")"
	one=$(sed -n 's/^"sid":"\(.*\)"$/\1/p' "$work/all" | head -1)
	ok '... and all of them' same <(sort "$work/all") \
		<(api "$family/$path?PageSize=1000" | sids | sort)
	ok '... each can be fetched' is "$(api "$family/$path/$one" | field sid)" \
		"$one"
	ok '... and one that is not there is 404' is \
		"$(status "$family/$path/${one:0:2}$(printf %032d 0)") $(code)" \
		'404 20404'
done
ok 'types can be fetched by name' is \
	"$(api "$family/SupportingDocumentTypes/passport" | field machine_name)" \
	passport
ok '... those of end users, too' is \
	"$(api "$family/EndUserTypes/business" | field machine_name)" business
option types-by-name=off
ok '... or not' is "$(status "$family/EndUserTypes/business")" 404
option types-by-name=on
ok 'an end user type has fields' has "$(api "$family/EndUserTypes/business")" \
	'{"friendly_name":"Business Name","machine_name":"business_name","constraint":"String"}'
ok 'each type in the list is one of a create' is "$(for type in \
	$(api "$family/SupportingDocumentTypes?PageSize=1000" |
		grep -o '"machine_name":"[a-z_]*","fields' | cut -d '"' -f 4); do
	status "$list" -d FriendlyName=x -d "Type=$type"
done | sed 's/201//g')" ''
ok '... and types of documents are in the list' is "$(api "$list?PageSize=400" |
	grep -o '"type":"[a-z_]*"' | sort -u | cut -d '"' -f 4 | while read -r type
	do status "$family/SupportingDocumentTypes/$type"; done |
	sed 's/200//g')" ''

# --- regulations ---------------------------------------------------------
regulations() { api "$family/Regulations?PageSize=1000&$1"; }
ok 'regulations are of several countries' more "$(regulations '' |
	grep -o '"iso_country":"..",' | sort -u | wc -l)" 9
ok 'they filter by country' is "$(regulations IsoCountry=FR |
	grep -o '"iso_country":"[^"]*"' | sort -u)" '"iso_country":"FR"'
ok '... by type of number' is "$(regulations NumberType=toll-free |
	grep -o '"number_type":"[^"]*"' | sort -u)" '"number_type":"toll-free"'
ok '... by end user' is "$(regulations EndUserType=individual |
	grep -o '"end_user_type":"[^"]*"' | sort -u)" '"end_user_type":"individual"'
ok '... by all three' is "$(regulations \
	'IsoCountry=FR&NumberType=local&EndUserType=business' | sids | wc -l)" 1
ok '... and the next page is one of the same list' is \
	"$(walk "$family/Regulations?PageSize=2&IsoCountry=FR" | wc -l)" 8
refuses 'Regulations?EndUserType=nobody' 22212
refuses 'Regulations?NumberType=short' 22213
refuses 'Regulations?IncludeConstraints=perhaps' 20001
ok 'requirements are told' has "$(regulations IsoCountry=FR)" \
	'"requirements":{"end_user":[{"name":"Individual","type":"individual","requirement_name":"individual_info",'
ok '... with what documents will do' has "$(regulations IsoCountry=FR)" \
	'"accepted_documents":[{"name":"Passport","type":"passport",'
ok '... without constraints' is \
	"$(regulations IsoCountry=FR | grep -c '"constraint":')" 0
ok '... or with them' is "$(regulations 'IsoCountry=FR&IncludeConstraints=true' |
	grep -c '"constraint":')" 1
one=$(regulations IsoCountry=FR | field sid)
ok '... also of a single one' has \
	"$(api "$family/Regulations/$one?IncludeConstraints=true")" '"constraint":'
ok '... which has none of its own accord' is \
	"$(api "$family/Regulations/$one" | grep -c '"constraint":')" 0

# --- bundles: the data ---------------------------------------------------
ok 'of 240 bundles 24 are rejected' is \
	"$(chosen '$2 == "twilio-rejected"' | wc -l)" 24
ok 'each status occurs' is "$(cut -f 2 "$work/bundles" | sort -u | wc -l)" 6
control GET supporting_documents >"$work/documents"
control GET item_assignments >"$work/items"
control GET evaluations >"$work/evaluations"
# consistent: prints what contradicts what; counts go to standard error
consistent()
{
	perl -MJSON::PP -e '
		my $json = JSON::PP->new->utf8;
		local $/;
		my ($documents, $items, $evaluations, $bundles) = map {
			open my $in, "<", "$ARGV[0]/$_"; $json->decode(<$in>)
		} qw(documents items evaluations rows);
		my %document = map { ($_->{sid}, $_) } @$documents;
		my (%of, %used, %last);
		push @{ $of{$_->{bundle_sid}} }, $_->{object_sid} for @$items;
		$used{$_->{object_sid}}{$_->{bundle_sid}} = 1 for @$items;
		$last{$_->{bundle_sid}} = $_ for @$evaluations;
		for my $bundle (@$bundles)
		{
			my $sid = $bundle->{sid};
			my @mine = grep { defined } map { $document{$_} } @{ $of{$sid} };
			my @rejected = grep { $_->{status} eq "rejected" } @mine;
			my $status = $bundle->{status};

			print "$sid: no document is rejected\n"
			  if $status eq "twilio-rejected" && !@rejected;
			print "$sid: a rejected document without a reason\n"
			  if grep { !$_->{failure_reason} || !@{ $_->{errors} } } @rejected;
			print "$sid: not all documents are approved\n"
			  if $status eq "twilio-approved" &&
			  grep { $_->{status} ne "approved" } @mine;
			print "$sid: approved, but $last{$sid}{status}\n"
			  if $status eq "twilio-approved" &&
			  $last{$sid}{status} ne "compliant";
			print "$sid: in review without documents in review\n"
			  if $status =~ /review/ &&
			  grep { $_->{status} !~ /pending-review|approved/ } @mine;
		}
		for my $kind (qw(RD IT))
		{
			print "no $kind is shared\n" if !grep { /^$kind/ &&
			  keys %{ $used{$_} } > 1 } keys %used;
		}
		for my $evaluation (@$evaluations)
		{
			my @failed = grep { !$_->{passed} } @{ $evaluation->{results} };
			print "$evaluation->{sid}: status and results differ\n"
			  if (@failed > 0) != ($evaluation->{status} eq "noncompliant");
		}' "$work"
}
control GET bundles >"$work/rows"
ok 'bundles, documents and evaluations tell the same story' is \
	"$(consistent)" ''
ok 'all codes of evaluations occur' is "$(grep -o '"error_code":[0-9]*' \
	"$work/evaluations" | sort -u | grep -o '222.*' | tr '\n' ' ')" \
	'22214 22215 22216 22217 22218 22219 '
ok 'a result names what it is about' has "$(cat "$work/evaluations")" \
	'"requirement_friendly_name":"Address","requirement_name":"proof_of_address"}'
ok 'some bundles are copies' more "$(counter bundle_copies)" 0
control GET bundle_copies >"$work/copies"
one=$(control GET digest?resource=bundles)
two=$(control GET digest?resource=evaluations)
start --documents 400 --bundles 240 --seed 3
ok 'the same seed gives the same bundles' is \
	"$(control GET digest?resource=bundles)" "$one"
ok '... and the same evaluations' is \
	"$(control GET digest?resource=evaluations)" "$two"
ok '... beside the documents that there are without them' is \
	"$(control GET digest)" "$(start --documents 400 --seed 3
	control GET digest; stop)"
start --documents 0 --bundles 40
ok 'without documents no bundle is rejected' is \
	"$(api "$family/Bundles?PageSize=40" | grep -c twilio-rejected)" 0
start --documents 400 --bundles 240 --seed 3
table

# --- bundles: filters ----------------------------------------------------
ok 'all bundles are listed' same <(chosen 1) <(bundles | sort)
asks Status=twilio-rejected '$2 == "twilio-rejected"'
country=$(sed -n 1p "$work/bundles" | cut -f 7)
asks "IsoCountry=$country" "\$7 == \"$country\""
asks NumberType=mobile '$8 == "mobile"'
asks EndUserType=individual '$9 == "individual"'
regulation=$(sed -n 1p "$work/bundles" | cut -f 3)
asks "RegulationSid=$regulation" "\$3 == \"$regulation\""
asks 'Status=draft&NumberType=local&EndUserType=business' \
	'$2 == "draft" && $8 == "local" && $9 == "business"'
asks HasValidUntilDate=true '$5 != ""'
asks HasValidUntilDate=false '$5 == ""'
day=$(cut -f 5 "$work/bundles" | grep T00:00 | sort | sed -n 20p)
for unit in moment day; do
	option "valid-until=$unit"
	[ $unit = day ] && from=${day:0:10} || from=$day
	[ $unit = day ] && width=10 || width=20
	value="substr(\$5, 1, $width)"
	for bound in in out; do
		option "valid-until-named=$bound"
		[ $bound = in ] && or='=' || or=
		asks "ValidUntilDate%3C=$day" "\$5 != \"\" && $value <$or \"$from\""
		asks "ValidUntilDate%3E=$day" "\$5 != \"\" && $value >$or \"$from\""
	done
	asks "ValidUntilDate=$day" "\$5 != \"\" && $value == \"$from\""
done
option valid-until=moment
option valid-until-named=in
asks 'ValidUntilDate%3E=2022-01-01&ValidUntilDate%3C=2023-01-01T00:00:00Z' \
	'$5 >= "2022-01-01" && $5 <= "2023-01-01T00:00:00Z"'
name=$(cut -f 4 "$work/bundles" | grep 'A/B Testing' | head -1)
query=FriendlyName=${name// /%20}
asks "$query" "\$4 == \"$name\""
option friendly-name=nocase
asks 'FriendlyName=plain%20text%20PLC%20sms' \
	'tolower($4) == "plain text plc sms"'
option friendly-name=part
asks 'FriendlyName=plain%20text' 'tolower($4) ~ /plain text/'
option friendly-name=exact
sids=$(cut -f 1 "$work/bundles" | sed -n '3~11p' | head -20 | paste -sd ,)
asks "BundleSids=$sids" "index(\"$sids\", \$1) > 0"
asks "BundleSids=$sids&Status=draft" \
	"\$2 == \"draft\" && index(\"$sids\", \$1) > 0"
ok 'one that is not there does no harm' is \
	"$(bundles "BundleSids=BU$(printf %032d 0),$bundle" | wc -l)" 1
refuses "Bundles?BundleSids=$sids,$bundle" 20001
refuses 'Bundles?BundleSids=BU1' 20001
refuses 'Bundles?Status=approved' 22203
refuses 'Bundles?NumberType=short' 22213
refuses 'Bundles?EndUserType=nobody' 22212
refuses 'Bundles?HasValidUntilDate=1' 20001
refuses 'Bundles?ValidUntilDate%3C=soon' 20001
refuses 'Bundles?ValidUntilDate=2024-02-30' 20001
refuses 'Bundles?RegulationSid=RN1' 20001
refuses 'Bundles?SortBy=name' 20001
refuses 'Bundles?SortDirection=up' 20001
ok 'a parameter that is not known is passed over' is \
	"$(status "$family/Bundles?Colour=red")" 200
option unknown-parameter=error
refuses 'Bundles?Colour=red' 20001
refuses 'EndUsers?Status=draft' 20001
option unknown-parameter=ignore
ok 'the links have the filters, encoded' has \
	"$(api "$family/Bundles?PageSize=2&ValidUntilDate%3E=2020-01-01T00:00:00Z" |
		next_of)" \
	'/Bundles?ValidUntilDate%3E=2020-01-01T00%3A00%3A00Z&PageSize=2&Page=1&PageToken=PABU'
option loose-filters=Status
bundles Status=draft | sort >"$work/listed"
ok 'a loose filter answers all that it should' is \
	"$(chosen '$2 == "draft"' | comm -23 - "$work/listed")" ''
ok '... and more' more "$(wc -l <"$work/listed")" \
	"$(chosen '$2 == "draft"' | wc -l)"
ok '... but not all' less "$(wc -l <"$work/listed")" 240
asks 'NumberType=mobile' '$8 == "mobile"'
option loose-filters=
option ignored-filters=Status,IsoCountry
asks 'Status=draft&IsoCountry=XX&NumberType=mobile' '$8 == "mobile"'
option ignored-filters=all
ok 'all filters may be ignored' is "$(bundles 'BundleSids=BU'"$(printf %032d 0)" |
	wc -l)" 240
option ignored-filters=

# --- bundles: orders -----------------------------------------------------
# ordered QUERY KEY...: the list has the rows in that order
ordered()
{
	local query=$1
	shift
	ok "list in order: $query" same <(sorted "$@") <(bundles "$query")
}
ordered '' -k10,10nr
ordered SortDirection=ASC -k10,10n
ordered SortBy=date-updated -k6,6r -k10,10nr
ordered 'SortBy=date-updated&SortDirection=ASC' -k6,6 -k10,10n
filled() { sorted "$@" | grep -f <(chosen '$5 != ""'); }
empty() { sorted "$@" | grep -f <(chosen '$5 == ""'); }
for nulls in last first high low; do
	option nulls=$nulls
	for direction in ASC DESC; do
		keys=(-k '5,5' -k '10,10n')
		[ $direction = ASC ] || keys=(-k '5,5r' -k '10,10nr')
		case $nulls-$direction in
			first-* | high-DESC | low-ASC)
				cat <(empty "${keys[@]}") <(filled "${keys[@]}") ;;
			*) cat <(filled "${keys[@]}") <(empty "${keys[@]}") ;;
		esac >"$work/wanted"
		bundles "SortBy=valid-until&SortDirection=$direction" >"$work/listed"
		ok "by valid_until, nulls $nulls, $direction" same "$work/wanted" \
			"$work/listed"
	done
done
option nulls=last
option token-style=offset
ok 'offset tokens walk it, too' same \
	<(sorted -k6,6r -k10,10nr | grep -f <(chosen '$2 == "draft"')) \
	<(bundles 'SortBy=date-updated&Status=draft')
option token-style=keyset
for sort in wrong ignored; do
	option sort=$sort
	bundles 'SortBy=date-updated&SortDirection=ASC' >"$work/listed"
	ok "an order may be $sort" is \
		"$(sorted -k6,6 -k10,10n | cmp -s - "$work/listed" && echo right)" ''
	ok '... without a row lost' same <(chosen 1) <(sort "$work/listed")
done
option sort=right
api "$family/Bundles?PageSize=5&SortBy=date-updated&SortDirection=ASC" \
	>"$work/page"
second=$(next_of <"$work/page")
api "$second" | sids >"$work/wanted"
anchor=$(sids <"$work/page" | tail -1 | cut -d '"' -f 4)
api -o /dev/null "$family/Bundles/$anchor" -d Status=draft
control POST bundles -d "sid=$anchor" -d email=x >/dev/null
ok 'a row that has moved on does not move the page' same "$work/wanted" \
	<(api "$second" | sids)
control DELETE "bundles?sid=$anchor"
ok 'a token whose row is gone is no longer good' is \
	"$(status "$second") $(code)" '400 21481'
option deleted-anchor=skip
ok '... or goes on behind it' same "$work/wanted" <(api "$second" | sids)
start --documents 40 --bundles 60 --list-order sid
walk "$family/Bundles/$(control GET 'sid?resource=bundles&index=3')/ItemAssignments?PageSize=1" \
	>"$work/all"
ok 'children come by sid, where all lists do' is \
	"$(sort -c "$work/all" 2>&1)" ''
walk "$family/EndUsers?PageSize=4" >"$work/all"
ok '... and end users' is "$(sort -c "$work/all" 2>&1)$(wc -l <"$work/all")" 20
start --documents 40 --bundles 60 --list-order updated
ok 'or by their last update' is "$(walk "$family/EndUsers?PageSize=4" |
	cut -d '"' -f 4 | while read -r one; do
		api "$family/EndUsers/$one" | field date_updated; done | sort -c 2>&1)" ''
stop
