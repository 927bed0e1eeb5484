# shellcheck shell=bash disable=SC2016,SC2154
# selftest.sh: what can be done to bundles, end users and items, and when.

start --documents 300 --bundles 60 --seed 5 --end-users 30

# sid_of RESOURCE NUMBER
sid_of() { control GET "sid?resource=$1&index=$2"; }
# post PATH NAME=VALUE...: the status; the answer is in $work/body
post()
{
	local path=$1 arguments=(-X POST)
	shift
	for field; do
		arguments+=(--data-urlencode "$field")
	done
	status "${arguments[@]}" "$family/$path"
}
# refused NAME ANSWER PATH NAME=VALUE...: status and code of a post
refused()
{
	local name=$1 answer=$2
	shift 2
	ok "$name" is "$(post "$@") $(code)" "$answer"
}
document_status() { api "$list/$1" | field status; }
set_row() { control POST "$1" -d "sid=$2" "${@:3}" >/dev/null; }
option() { control POST options --data-urlencode "$1" >/dev/null; }
# found RESOURCE EXPRESSION: the sid of the first row that has the text
found()
{
	control GET "$1" | grep -F "$2" | head -1 | field sid
}

# --- end users -----------------------------------------------------------
ok 'an end user is made' is "$(post EndUsers 'FriendlyName=Zoë & 山田' \
	Type=individual "Attributes={\"n\":12345678901234567890}")" 201
user=$(field sid <"$work/body")
ok '... with its attributes as sent' has "$(api "$family/EndUsers/$user")" \
	'"friendly_name":"Zoë & 山田","type":"individual","attributes":{"n":12345678901234567890},'
ok '... in the order of the fields' is "$(grep -o '"[a-z_]*":' "$work/body" |
	tr -d '":\n')" \
	'sidaccount_sidfriendly_nametypeattributesndate_createddate_updatedurl'
refused 'no Type' '400 20001' EndUsers FriendlyName=x
refused 'no FriendlyName' '400 20001' EndUsers Type=business
refused 'an unknown Type' '400 20001' EndUsers FriendlyName=x Type=robot
refused 'attributes that are no object' '400 22207' EndUsers FriendlyName=x \
	Type=business 'Attributes=[1]'
ok 'an end user is changed' is "$(post "EndUsers/$user" FriendlyName=b \
	'Attributes={"a":1}')" 200
ok '... both' has "$(cat "$work/body")" \
	'"friendly_name":"b","type":"individual","attributes":{"a":1},'
refused 'an empty name' '400 20001' "EndUsers/$user" FriendlyName=
ok 'its type is not changed' is "$(post "EndUsers/$user" Type=business; api \
	"$family/EndUsers/$user" | field type)" 200individual
option update-readonly=error
refused '... or that is said' '400 20001' "EndUsers/$user" Type=business
option update-readonly=ignore
option attributes-update=merge
post "EndUsers/$user" 'Attributes={"b":[2]}' >/dev/null
ok 'attributes may be merged' has "$(cat "$work/body")" \
	'"attributes":{"a":1,"b":[2]}'
option attributes-update=replace
ok 'an end user is deleted' is \
	"$(status -X DELETE "$family/EndUsers/$user")" 204
ok '... and gone' is "$(status "$family/EndUsers/$user") $(code)" '404 20404'

# --- bundles: create, update, delete -------------------------------------
refused 'no FriendlyName' '400 20001' Bundles Email=a@b
refused 'no Email' '400 20001' Bundles FriendlyName=x
refused 'neither regulation nor country' '400 22202' Bundles FriendlyName=x \
	Email=a@b
refused 'a country without a type' '400 22202' Bundles FriendlyName=x \
	Email=a@b IsoCountry=FR
refused 'no such type of number' '400 22200' Bundles FriendlyName=x Email=a@b \
	IsoCountry=FR NumberType=short
refused 'no such type of end user' '400 22200' Bundles FriendlyName=x \
	Email=a@b IsoCountry=FR NumberType=local EndUserType=robot
refused 'no regulation for the country' '400 22201' Bundles FriendlyName=x \
	Email=a@b IsoCountry=XX NumberType=local
refused 'no such regulation' '400 22201' Bundles FriendlyName=x Email=a@b \
	"RegulationSid=RN$(printf %032d 0)"
refused 'a test or not' '400 20001' Bundles FriendlyName=x Email=a@b \
	IsoCountry=FR NumberType=local IsTest=1
refused 'a callback that is no URL' '400 20001' Bundles FriendlyName=x \
	Email=a@b IsoCountry=FR NumberType=local StatusCallback=here
# bundle [NAME=VALUE...]: makes one; its sid
bundle()
{
	post Bundles FriendlyName=x Email=a@b IsoCountry=AU NumberType=local \
		EndUserType=individual "$@" >"$work/status"
	field sid <"$work/body"
}
draft=$(bundle StatusCallback=https://example.com/x)
ok 'a bundle is made' is "$(cat "$work/status")" 201
ok '... a draft' has "$(cat "$work/body")" \
	'"friendly_name":"x","status":"draft","valid_until":null,"email":"a@b","status_callback":"https://example.com/x",'
ok '... with links' has "$(cat "$work/body")" "/Bundles/$draft\",\"links\":{\"evaluations\":\"https://numbers.twilio.com$family_path/Bundles/$draft/Evaluations\",\"item_assignments\":"
ok '... of the right regulation' is "$(api "$family/Regulations/$(field \
	regulation_sid <"$work/body")" | field friendly_name)" \
	'Australia: Local - Individual'
ok '... and by its sid' is "$(post Bundles FriendlyName=x Email=a@b \
	"RegulationSid=$(field regulation_sid <"$work/body")")" 201
ok '... first in the list' is "$(api "$family/Bundles?PageSize=1" |
	field friendly_name)" x
ok 'a bundle is changed' is "$(post "Bundles/$draft" FriendlyName=y Email=c@d \
	StatusCallback=)" 200
ok '... as was asked' has "$(cat "$work/body")" \
	'"friendly_name":"y","status":"draft","valid_until":null,"email":"c@d","status_callback":null'
refused 'status and properties at once' '400 22204' "Bundles/$draft" \
	Status=draft Email=a@b
refused 'an unknown status' '400 22203' "Bundles/$draft" Status=submitted
refused 'a status that is not for clients' '400 20001' "Bundles/$draft" \
	Status=twilio-approved
refused 'a draft need not be made a draft' '409 20409' "Bundles/$draft" \
	Status=draft
refused 'an empty name' '400 20001' "Bundles/$draft" FriendlyName=
approved=$(found bundles '"status":"twilio-approved"')
refused 'an approved one cannot be changed' '409 20409' "Bundles/$approved" \
	Email=a@b
refused '... nor submitted' '409 20409' "Bundles/$approved" \
	Status=pending-review
option bundle-editable=draft,twilio-approved
ok '... or it can' is "$(post "Bundles/$approved" Email=a@b)" 200
option bundle-editable=draft,twilio-rejected
review=$(found bundles '"status":"pending-review"')
ok 'one under review cannot be deleted' is \
	"$(status -X DELETE "$family/Bundles/$review") $(code)" '400 21647'
review=$(found bundles '"status":"in-review"')
ok '... nor one in review' is \
	"$(status -X DELETE "$family/Bundles/$review") $(code)" '400 21647'
set_row bundles "$approved" -d numbers=2
ok '... nor one that numbers use' is \
	"$(status -X DELETE "$family/Bundles/$approved") $(code)" '400 21648'
option state-error-status=409
ok '... with another status, maybe' is \
	"$(status -X DELETE "$family/Bundles/$approved") $(code)" '409 21648'
option state-error-status=400
before="$(counter item_assignments) $(counter evaluations)"
one=$(found bundles '"status":"twilio-rejected"')
items=$(api "$family/Bundles/$one/ItemAssignments" | sids | wc -l)
evaluations=$(api "$family/Bundles/$one/Evaluations" | sids | wc -l)
ok 'a bundle is deleted' is "$(status -X DELETE "$family/Bundles/$one")" 204
ok '... is gone' is "$(status "$family/Bundles/$one") $(code)" '404 20404'
ok '... and all that it had' is \
	"$(counter item_assignments) $(counter evaluations)" \
	"$((${before% *} - items)) $((${before#* } - evaluations))"
for child in ItemAssignments Evaluations Copies; do
	ok "... its $child are 404" is \
		"$(status "$family/Bundles/$one/$child") $(code)" '404 20404'
	ok '... to create, too' is \
		"$(post "Bundles/$one/$child" ObjectSid=x) $(code)" '404 20404'
done

# --- items ---------------------------------------------------------------
paper=$(control GET supporting_documents | grep '"type":"address"' |
	grep -m1 '"status":"draft"' | field sid)
person=$(control GET end_users | grep -m1 '"first_name":"[^"]*","last_name":"[^"]' |
	grep '"type":"individual"' | field sid)
[ -n "$person" ] || person=$(control GET end_users |
	grep '"type":"individual"' | grep -m1 '"last_name":"[^"]' | field sid)
refused 'an item needs an object' '400 22205' "Bundles/$draft/ItemAssignments"
refused '... that is a sid' '400 22205' "Bundles/$draft/ItemAssignments" \
	ObjectSid=RD1
refused '... of a document or an end user' '400 22206' \
	"Bundles/$draft/ItemAssignments" "ObjectSid=AC$(printf %032d 0)"
refused '... that is there' '400 22205' "Bundles/$draft/ItemAssignments" \
	"ObjectSid=RD$(printf %032d 0)"
ok 'a bundle without items does not comply' is \
	"$(post "Bundles/$draft/Evaluations"; field status <"$work/body")" \
	201noncompliant
ok '... for want of an end user' has "$(cat "$work/body")" \
	'"results":[{"friendly_name":"Individual","object_type":"individual","passed":false,"failure_reason":"An Individual End-User is missing. Please add one to the regulatory bundle.","error_code":22214,"valid":[],"invalid":[{"friendly_name":"First Name","object_field":"first_name","failure_reason":"The First Name is missing. Please enter in a First Name on the Individual information.","error_code":22215},'
ok '... and of an address' has "$(cat "$work/body")" \
	'"failure_reason":"An Address Validation is missing. Please add one to the regulatory bundle.","error_code":22216,"valid":[],"invalid":[{"friendly_name":"Address sid(s)","object_field":"address_sids","failure_reason":"The Address is missing. Please enter in the address shown on the Address Validation.","error_code":22219}],"requirement_friendly_name":"Address","requirement_name":"proof_of_address"}]'
ok 'an end user becomes an item' is \
	"$(post "Bundles/$draft/ItemAssignments" "ObjectSid=$person")" 201
item=$(field sid <"$work/body")
ok '... as the answer says' has "$(cat "$work/body")" \
	"{\"sid\":\"$item\",\"bundle_sid\":\"$draft\",\"account_sid\":\"$account\",\"object_sid\":\"$person\",\"date_created\":"
ok '... at its place' has "$(cat "$work/body")" \
	"/Bundles/$draft/ItemAssignments/$item\"}"
ok '... can be fetched' is \
	"$(api "$family/Bundles/$draft/ItemAssignments/$item" | field sid)" "$item"
ok '... but not in another bundle' is \
	"$(status "$family/Bundles/$approved/ItemAssignments/$item")" 404
ok '... and is not deleted there' is \
	"$(status -X DELETE "$family/Bundles/$approved/ItemAssignments/$item")" 404
ok 'a document becomes an item' is \
	"$(post "Bundles/$draft/ItemAssignments" "ObjectSid=$paper")" 201
ok 'both are listed' is "$(api "$family/Bundles/$draft/ItemAssignments" |
	grep -o '"object_sid":"[^"]*"' | cut -d '"' -f 4 | tr '\n' ' ')" \
	"$person $paper "
ok '... page by page' is \
	"$(walk "$family/Bundles/$draft/ItemAssignments?PageSize=1" | wc -l)" 2
ok 'an item may be there twice' is \
	"$(post "Bundles/$draft/ItemAssignments" "ObjectSid=$paper")" 201
twice=$(field sid <"$work/body")
option double-item=refuse
refused '... or not' '409 20409' "Bundles/$draft/ItemAssignments" \
	"ObjectSid=$paper"
option double-item=accept
ok 'an item is no longer one' is "$(status -X DELETE \
	"$family/Bundles/$draft/ItemAssignments/$twice")" 204
ok '... and its document still is, by the other' is \
	"$(status -X DELETE "$list/$paper") $(code)" '400 21645'
ok 'an end user that is an item cannot be deleted' is \
	"$(status -X DELETE "$family/EndUsers/$person") $(code)" '400 21644'
ok 'it complies now' is \
	"$(post "Bundles/$draft/Evaluations"; field status <"$work/body")" \
	201compliant
evaluation=$(field sid <"$work/body")
ok '... with what is valid' has "$(cat "$work/body")" \
	'"passed":true,"failure_reason":null,"error_code":null,"valid":[{"friendly_name":"First Name","object_field":"first_name"},'
ok '... and can be fetched' has \
	"$(api "$family/Bundles/$draft/Evaluations/$evaluation")" \
	'"status":"compliant","results":[{'
ok 'an evaluation cannot be deleted' is "$(status -X DELETE \
	"$family/Bundles/$draft/Evaluations/$evaluation")" 405
ok '... and stays what it was' is "$(post "SupportingDocuments/$paper" \
	'Attributes={"address_sids":[]}'
	post "Bundles/$draft/Evaluations"
	field status <"$work/body"
	api "$family/Bundles/$draft/Evaluations/$evaluation" | field status)" \
	$'200201noncompliant\ncompliant'
ok '... while the new one tells why' has "$(cat "$work/body")" \
	'"failure_reason":"The Address Validation is not complete, or does not match.","error_code":22219,"valid":[],"invalid":[{"friendly_name":"Address sid(s)",'
ok 'all three are listed' is \
	"$(api "$family/Bundles/$draft/Evaluations" | sids | wc -l)" 3

# --- a bundle's way through the review -----------------------------------
ok 'a bundle is submitted' is "$(post "Bundles/$draft" Status=pending-review
	field status <"$work/body")" 200pending-review
ok '... and its draft with it' is "$(document_status "$paper")" pending-review
refused 'items cannot come now' '409 20409' "Bundles/$draft/ItemAssignments" \
	"ObjectSid=$paper"
ok '... nor go' is "$(status -X DELETE \
	"$family/Bundles/$draft/ItemAssignments/$item") $(code)" '409 20409'
refused '... nor can it be submitted again' '409 20409' "Bundles/$draft" \
	Status=pending-review
control POST review -d "bundle=$draft" -d status=in-review
ok 'a review begins' is "$(api "$family/Bundles/$draft" | field status) \
$(document_status "$paper")" 'in-review pending-review'
control POST review -d "bundle=$draft" -d status=twilio-rejected \
	-d failure_reason=blurry --data-urlencode 'errors=[{"code":18004}]'
ok '... ends in a rejection' is "$(api "$family/Bundles/$draft" |
	field status)" twilio-rejected
ok '... for a reason, which is with the document' has "$(api "$list/$paper")" \
	'"status":"rejected","failure_reason":"blurry","errors":[{"code":18004}]'
ok 'it is submitted again' is "$(post "Bundles/$draft" Status=pending-review)" \
	200
ok '... with what was rejected' has "$(api "$list/$paper")" \
	'"status":"pending-review","failure_reason":null,"errors":null'
ok 'it is withdrawn' is "$(post "Bundles/$draft" Status=draft
	field status <"$work/body"; document_status "$paper")" $'200draft\ndraft'
post "Bundles/$draft" Status=pending-review >/dev/null
control POST review -d "bundle=$draft" -d status=twilio-approved \
	-d valid_until=2030-01-31T00:00:00Z
ok 'it is approved, until a day' has "$(api "$family/Bundles/$draft")" \
	'"status":"twilio-approved","valid_until":"2030-01-31T00:00:00Z"'
ok '... and its document' is "$(document_status "$paper")" approved
other=$(bundle)
second=$(control GET supporting_documents | grep '"type":"passport"' |
	grep -m1 '"status":"draft"' | field sid)
third=$(control GET supporting_documents | grep '"type":"tax_document"' |
	grep -m1 '"status":"draft"' | field sid)
for object in "$second" "$third" "$paper"; do
	post "Bundles/$other/ItemAssignments" "ObjectSid=$object" >/dev/null
done
post "Bundles/$other" Status=pending-review >/dev/null
control POST review -d "bundle=$other" -d status=twilio-rejected \
	-d "documents=$third"
ok 'of two documents one may be at fault' is "$(document_status "$second") \
$(document_status "$third") $(document_status "$paper")" \
	'approved rejected approved'
control POST review -d "bundle=$other" -d status=provisionally-approved
ok 'a date is set where none is told' is "$(api "$family/Bundles/$other" |
	grep -c '"status":"provisionally-approved","valid_until":"20')" 1
control POST review -d "bundle=$other" -d status=unheard-of
ok 'any text is a status' is "$(api "$family/Bundles/$other" |
	field status)" unheard-of
ok 'a review of no bundle is refused' is "$(control POST review \
	-d "bundle=BU$(printf %032d 0)" -d status=x)" 'no such bundle'
trial=$(bundle IsTest=true)
fourth=$(control GET supporting_documents | grep '"type":"national_id"' |
	grep -m1 '"status":"draft"' | field sid)
post "Bundles/$trial/ItemAssignments" "ObjectSid=$fourth" >/dev/null
ok 'a test is submitted like others' is \
	"$(post "Bundles/$trial" Status=pending-review; field status \
	<"$work/body")" 200pending-review
ok '... and rejected by itself' is "$(api "$family/Bundles/$trial" |
	field status)" twilio-rejected
ok '... with 18099' has "$(api "$list/$fourth")" \
	'"status":"rejected","failure_reason":"Rejected test bundle","errors":[{"code":18099}]'

# --- copies, clones, ReplaceItems ----------------------------------------
refused 'a bundle that is not approved cannot be copied' '400 22223' \
	"Bundles/$trial/Copies"
option copyable=twilio-approved,twilio-rejected
ok '... or it can' is "$(post "Bundles/$trial/Copies")" 201
option copyable=twilio-approved
ok 'a copy is made' is "$(post "Bundles/$draft/Copies" FriendlyName=copy)" 201
copy=$(field sid <"$work/body")
ok '... of ten fields' is "$(grep -o '"[a-z_]*":' "$work/body" | wc -l)" 10
ok '... a draft of that name' has "$(cat "$work/body")" \
	'"friendly_name":"copy","status":"draft"'
ok '... is a bundle' has "$(api "$family/Bundles/$copy")" '"links":{'
ok '... and a copy of its source' is \
	"$(api "$family/Bundles/$draft/Copies" | sids)" "\"sid\":\"$copy\""
ok '... with its items' is "$(api "$family/Bundles/$copy/ItemAssignments" |
	grep -o '"object_sid":"[^"]*"' | cut -d '"' -f 4 | tr '\n' ' ')" \
	"$person $paper "
ok '... which has its name where none is told' is \
	"$(post "Bundles/$draft/Copies"; field friendly_name <"$work/body")" 201y
ok 'a copy cannot be fetched there' is \
	"$(status "$family/Bundles/$draft/Copies/$copy")" 404
set_row bundles "$draft" -d address_deleted=true
refused 'an address that is gone' '400 22230' "Bundles/$draft/Copies"
set_row bundles "$draft" -d address_deleted=false
refused 'items of no bundle' '400 22225' "Bundles/$draft/ReplaceItems" \
	"FromBundleSid=BU$(printf %032d 0)"
refused '... of the same' '400 22226' "Bundles/$draft/ReplaceItems" \
	"FromBundleSid=$draft"
refused '... of one that is not approved' '400 22224' \
	"Bundles/$draft/ReplaceItems" "FromBundleSid=$copy"
refused '... of one that is no copy' '400 22224' \
	"Bundles/$draft/ReplaceItems" "FromBundleSid=$approved"
refused '... of nothing' '400 22225' "Bundles/$draft/ReplaceItems"
address=$(api "$family/Bundles/$copy/ItemAssignments" | grep -o \
	"\"sid\":\"BV[0-9a-f]*\",\"bundle_sid\":\"$copy\",\"account_sid\":\"$account\",\"object_sid\":\"$paper\"" | field sid)
status -X DELETE "$family/Bundles/$copy/ItemAssignments/$address" >/dev/null
post "Bundles/$copy/ItemAssignments" "ObjectSid=$second" >/dev/null
set_row bundles "$copy" -d status=twilio-approved
refused '... without an address that was there' '400 22229' \
	"Bundles/$draft/ReplaceItems" "FromBundleSid=$copy"
set_row bundles "$copy" -d status=draft
post "Bundles/$copy/ItemAssignments" "ObjectSid=$paper" >/dev/null
set_row bundles "$copy" -d status=twilio-approved
old=$(api "$family/Bundles/$copy" | field regulation_sid)
set_row bundles "$copy" -d "regulation_sid=$(sid_of regulations 9)"
refused '... by another regulation' '400 22228' \
	"Bundles/$draft/ReplaceItems" "FromBundleSid=$copy"
set_row bundles "$copy" -d "regulation_sid=$old"
ok 'items are replaced' is "$(post "Bundles/$draft/ReplaceItems" \
	"FromBundleSid=$copy"; field sid <"$work/body")" "201$draft"
ok '... by those of the copy' is \
	"$(api "$family/Bundles/$draft/ItemAssignments" |
	grep -o '"object_sid":"[^"]*"' | cut -d '"' -f 4 | tr '\n' ' ')" \
	"$person $second $paper "
ok 'ReplaceItems has no list' is \
	"$(status "$family/Bundles/$draft/ReplaceItems")" 405
refused 'a clone needs an account' '400 20001' "Bundles/$draft/Clones"
refused '... that is one' '400 20001' "Bundles/$draft/Clones" \
	TargetAccountSid=x
before=$(counter bundles)
ok 'a clone is made' is "$(post "Bundles/$draft/Clones" \
	"TargetAccountSid=AC$(printf %032d 7)" MoveToDraft=true)" 201
ok '... with a bundle_sid and no sid' has "$(cat "$work/body")" \
	'{"bundle_sid":"BU'
ok '... in the other account, a draft' has "$(cat "$work/body")" \
	'"friendly_name":"y","status":"draft"'
ok '... not in this one' is "$(counter bundles)" "$before"
ok '... or approved' is "$(post "Bundles/$draft/Clones" FriendlyName=clone \
	"TargetAccountSid=$account"; field status <"$work/body")" \
	201twilio-approved
ok '... and in this one' is "$(api "$family/Bundles/$(field bundle_sid \
	<"$work/body")" | field friendly_name)" clone
ok 'clones cannot be listed' is "$(status "$family/Bundles/$draft/Clones")" 405

# --- what is not there ---------------------------------------------------
for path in Regulations EndUserTypes SupportingDocumentTypes; do
	one=$(api "$family/$path?PageSize=1" | field sid)
	ok "$path cannot be made" is "$(post "$path" FriendlyName=x)" 405
	ok '... nor changed' is "$(post "$path/$one" FriendlyName=x)" 405
	ok '... nor deleted' is "$(status -X DELETE "$family/$path/$one")" 405
done
ok 'items cannot be changed' is \
	"$(post "Bundles/$draft/ItemAssignments/$item" ObjectSid=x)" 405
for path in Bundles/ Bundles//Copies "Bundles/$draft/Other" Other \
	"Bundles/$draft/Copies/$copy" "EndUsers/$person/x"; do
	ok "/${path:0:30} is 404" is "$(status "$family/$path") $(code)" \
		'404 20404'
done
stop
ok 'it ended well' is $? 0
