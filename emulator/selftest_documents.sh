# shellcheck shell=bash disable=SC2016,SC2154
# selftest.sh: documents, paging, faults, flags, TLS, processes, speed.

# --- list, fetch, paging -------------------------------------------------
start --documents 250 --seed 7 --latency 0
ok 'wrong credentials are 401' is "$(curl -s -o "$work/body" -w '%{http_code}' \
	-u "$account:wrong" "$list")" 401
ok '... with code 20003' is "$(code)" 20003
ok 'no credentials are 401' is "$(curl -s -o /dev/null -w '%{http_code}' \
	"$list")" 401
ok 'the default page has 50 documents' is "$(api "$list" | sids | wc -l)" 50
api "$list?PageSize=7" >"$work/page"
for key in page page_size first_page_url previous_page_url url next_page_url \
	key; do
	ok "meta has $key" has "$(cat "$work/page")" "\"$key\":"
done
walk "$list?PageSize=7" >"$work/all"
ok 'a walk of 7 at a time meets each document once' is \
	"$(sort -u "$work/all" | wc -l) $(wc -l <"$work/all")" '250 250'
ok 'the list is not sorted by sid' is \
	"$(sort "$work/all" | cmp -s - "$work/all" && echo sorted)" ''
ok 'PageSize 0 is refused' is "$(status "$list?PageSize=0") $(code)" '400 20001'
ok 'PageSize 1001 is refused' is "$(status "$list?PageSize=1001")" 400
ok 'a bad token is refused' is "$(status "$list?PageToken=PAx") $(code)" \
	'400 21481'
ok 'Page without its token is refused' is "$(status "$list?Page=2")" 400
one=$(sid 3)
ok 'a document can be fetched' is "$(api "$list/$one" | field sid)" "$one"
ok 'one that is not there is 404' is \
	"$(status "$list/RD00000000000000000000000000000000") $(code)" '404 20404'
ok 'another path is 404' is "$(status "$origin/v2/Other")" 404
ok 'another method is 405' is "$(status -X PUT "$list")" 405
api "$list?PageSize=1000" >"$work/page"
ok 'six statuses occur' is "$(grep -o '"status":"[^"]*"' "$work/page" |
	sort -u | wc -l)" 6
ok 'at least eight types occur' more "$(grep -o '"type":"[^"]*"' \
	"$work/page" | sort -u | wc -l)" 7
ok 'rejected ones have errors' more "$(grep -c '"errors":\[{"code":180' \
	"$work/page")" 0
api -D "$work/head" -o /dev/null "$list"
for header in 'Twilio-Request-Id: RQ' Twilio-Concurrent-Requests: \
	Twilio-Request-Duration: 'Content-Type: application/json'; do
	ok "header $header" grep -q "^$header" "$work/head"
done
digest=$(control GET digest)
api "$list?PageSize=250" | sed 's/"meta":.*//' >"$work/first"
start --documents 250 --seed 7
ok 'the same seed gives the same digest' is "$(control GET digest)" "$digest"
api "$list?PageSize=250" | sed 's/"meta":.*//' >"$work/second"
ok '... and the same bytes' cmp -s "$work/first" "$work/second"
start --documents 250 --seed 8
ok 'another seed gives another digest' \
	[ "$(control GET digest)" != "$digest" ]
start --documents 2500 --seed 1
ok 'the documents are those of all releases' is "$(control GET digest)" \
	c98a6181f0ecdbe33cade40470339006
start --documents 250 --seed 8

# --- create, update, delete ----------------------------------------------
attributes='{"n":12345678901234567890,"x":0.1,"e":1.0e2,"s":"a\u00e9\n"}'
create() { status "$list" --data-urlencode "FriendlyName=$1" -d "Type=$2" \
	--data-urlencode "Attributes=${3:-$attributes}"; }
ok 'a create is 201' is "$(create 'Zoë & 山田' passport)" 201
new=$(field sid <"$work/body")
ok '... is a draft' has "$(cat "$work/body")" '"status":"draft"'
ok '... without mime_type' has "$(cat "$work/body")" '"mime_type":null'
ok '... with the attributes as sent' has "$(api "$list/$new")" \
	"\"attributes\":$attributes,"
ok '... and the name' is "$(api "$list/$new" | field friendly_name)" \
	'Zoë & 山田'
ok 'no Type is 22210' is "$(status "$list" -d FriendlyName=x) $(code)" \
	'400 22210'
ok 'an unknown Type is 22210' is "$(create x nonsense) $(code)" '400 22210'
ok 'no FriendlyName is 22211' is "$(status "$list" -d Type=passport) $(code)" \
	'400 22211'
ok 'attributes that are no JSON are 22207' is \
	"$(create x passport '{"a":') $(code)" '400 22207'
printf '%%PDF-1.4 a test' >"$work/a.pdf"
upload() { status "$1" -F FriendlyName=up -F Type=passport \
	-F "Attributes=$attributes" -F "File=@$work/a.pdf;type=$2"; }
ok 'an upload is 201' is "$(upload "$list" application/pdf)" 201
ok '... has its mime_type' has "$(cat "$work/body")" \
	'"mime_type":"application/pdf"'
ok '... and what was sent is known' has "$(control GET last)" \
	"\"size\":15,\"sha256\":\"$(sha256sum <"$work/a.pdf" | cut -c1-64)\""
ok '... with its name and type' has "$(control GET last)" \
	'"file":{"name":"a.pdf","content_type":"application/pdf"'
ok 'a file of another type is refused' is \
	"$(upload "$list" text/plain) $(code)" '400 20001'
head -c 5242881 /dev/zero >"$work/a.pdf"
ok 'a file above 5 MB is 413' is "$(upload "$list" application/pdf) $(code)" \
	'413 20413'
head -c 5242880 /dev/zero >"$work/a.pdf"
ok 'a file of 5 MB is taken' is "$(upload "$list" application/pdf)" 201
ok 'an update is 200' is "$(status "$list/$new" -d FriendlyName=b)" 200
ok '... changes what was sent' has "$(cat "$work/body")" \
	'"friendly_name":"b"'
ok '... and leaves the rest' has "$(cat "$work/body")" \
	"\"attributes\":$attributes,"
ok 'a file in an update' is "$(upload "$list/$new" image/png)" 200
ok '... changes mime_type' has "$(cat "$work/body")" '"mime_type":"image/png"'
state 250 approved
ok 'an approved one cannot be edited' is \
	"$(status "$list/$new" -d FriendlyName=c) $(code)" '409 20409'
state 250 pending-review
ok 'one under review cannot be deleted' is \
	"$(status -X DELETE "$list/$new") $(code)" '400 21646'
control POST review -d index=250 -d status=rejected -d failure_reason=blurry \
	--data-urlencode 'errors=[{"code":18002}]'
ok 'a review shows' has "$(api "$list/$new")" \
	'"status":"rejected","failure_reason":"blurry","errors":[{"code":18002}]'
control POST assign -d index=250 -d bundle=BU1
ok 'one in a bundle cannot be deleted' is \
	"$(status -X DELETE "$list/$new") $(code)" '400 21645'
control POST assign -d index=250 -d bundle=
ok 'a delete is 204' is "$(status -X DELETE "$list/$new")" 204
ok '... without a body' is "$(wc -c <"$work/body")" 0
ok '... and the document is gone' is "$(status "$list/$new")" 404
ok 'a second delete is 404' is "$(status -X DELETE "$list/$new")" 404
ok 'writes are counted' is \
	"$(counter created; counter updated; counter deleted)" $'3\n2\n1'
ok 'requests are counted' is "$(counter delete)" 4
control DELETE counters
ok 'counters can be reset' is "$(counter total)" 0
ok 'credentials are never shown' is \
	"$(api "$list" >/dev/null; control GET requests | grep -c "$token")" 0

# --- raw documents -------------------------------------------------------
raw='{"sid":"x","status":"seventh","attributes":{"a":"\u0000\ud800"},"z":1}'
control POST document -d index=2 --data-urlencode "raw=$raw"
ok 'a raw text appears in the page' has "$(api "$list?PageSize=5")" ",$raw,"
ok '... and when fetched' is "$(api "$list/$(sid 2)")" "$raw"
control POST document -d index=2
ok '... until it is taken back' is "$(api "$list/$(sid 2)" | field sid)" \
	"$(sid 2)"
ok 'documents can be listed without paging' is \
	"$(control GET 'documents?from=10&n=3' | sids | head -1)" \
	"\"sid\":\"$(sid 10)\""

# --- faults --------------------------------------------------------------
fault -d action=status -d status=503 -d count=2 -d skip=1 -d path=list
ok 'a fault lets some pass' is "$(status "$list")" 200
ok '... leaves other requests alone' is "$(status "$list/$one")" 404
ok '... takes its number' is "$(status "$list") $(status "$list")" '503 503'
ok '... and is over' is "$(status "$list")" 200
fault -d action=status -d status=429 -d retry_after=2
api -D "$work/head" -o "$work/body" "$list"
ok 'Retry-After is sent' grep -q '^Retry-After: 2' "$work/head"
ok '... with the usual code' is "$(code)" 20429
for shape in twilio rfc9457 legacy html empty; do
	fault -d action=status -d status=500 -d shape=$shape
done
for shape in '"more_info":' '"title":' '"httpStatusCode":500' '<html>'; do
	ok "shape with $shape" has "$(api "$list")" "$shape"
done
ok 'an empty body' is "$(api "$list")" ''
before=$(counter documents)
fault -d action=reset_before -d method=POST
create x passport >/dev/null
api -o /dev/null "$list" -d FriendlyName=x -d Type=passport
fault -d action=reset_before
api -o /dev/null "$list"
ok 'a reset before is an error of the client (56)' is $? 56
ok '... and nothing was done' is "$(counter documents)" $((before + 1))
fault -d action=reset_after -d method=POST
api -o /dev/null "$list" -d FriendlyName=x -d Type=passport
ok 'a reset after is, too' is $? 56
ok '... and it was done' is "$(counter documents)" $((before + 2))
ok '... as the journal says' has "$(control GET last)" '"carried_out":"RD'
fault -d action=cut
api -o /dev/null "$list"
ok 'a body is cut short (18)' is $? 18
fault -d action=cut -d chunked=on
api -o /dev/null "$list"
ok 'a chunked body is cut short (18)' is $? 18
fault -d action=garbage
ok 'garbage is 200' is "$(status "$list")" 200
fault -d action=wrong_shape -d variant=row-scalar
ok 'another shape' has "$(api "$list")" '"results":[1,"two"]'
fault -d action=stall -d count=2
began=$(now_ms)
api --max-time 0.3 -o /dev/null "$list"
ok 'a stall lasts until the client leaves (28)' is $? 28
api --max-time 5 -o /dev/null "$list" &
stalled=$!
fault -d action=stall_body
api --max-time 0.3 "$list" >"$work/body"
ok 'half a body, then nothing (28)' is $? 28
ok '... the half arrives' more "$(wc -c <"$work/body")" 10000
fault -d action=dribble -d bytes=500 -d ms=10
began=$(now_ms)
ok 'a body dribbles' is "$(api "$list?PageSize=5" | sids | wc -l)" 5
ok '... slowly' more $(($(now_ms) - began)) 40
fault -d action=endless
ok 'an endless body' is "$(api "$list" | head -c 20000000 | wc -c)" 20000000
fault -d action=bomb
ok 'a bomb is small where gzip is offered' less "$(api \
	-H 'Accept-Encoding: gzip' "$list" | wc -c)" 1000000
fault -d action=bomb -d bytes=1000000
ok '... and large behind that' more \
	"$(api --compressed "$list" | wc -c)" 1000000
fault -d action=redirect -d location=http://127.0.0.1:1/x
ok 'a redirect' is "$(api -o /dev/null -w '%{http_code} %{redirect_url}' \
	"$list")" '302 http://127.0.0.1:1/x'
fault -d action=foreign_next -d location=https://evil.example/x
ok 'a foreign next link' has "$(api "$list" | next_of)" \
	'https://evil.example/x?PageSize=50&Page=1&PageToken=PA'
fault -d action=repeat_token -d which=first
ok 'a repeated link' has "$(api "$list" | next_of)" 'PageSize=50&Page=0'
fault -d action=no_next_query
ok 'a next link without query' is "$(api "$list" | next_of)" "$list"
walk "$list" >"$work/all"
fault -d action=doubled -d rows=3 -d skip=1
walk "$list" >"$work/doubled"
ok 'rows come again on the next page' is \
	"$(wc -l <"$work/doubled") $(sort -u "$work/doubled" | wc -l)" \
	"$(($(wc -l <"$work/all") + 3)) $(wc -l <"$work/all")"
fault -d action=drop_fields -d fields=errors,attributes
ok 'fields are left out' is \
	"$(api "$list" | grep -cE '"(errors|attributes)"')" 0
fault -d action=empty_mime
upload "$list" application/pdf >/dev/null
ok 'an upload is not taken' has "$(cat "$work/body")" '"mime_type":""'
fault -d action=slow -d ms=200
began=$(now_ms)
api -o /dev/null "$list"
ok 'a request is slow' more $(($(now_ms) - began)) 199
fault -d action=close
api -o /dev/null "$list" -o /dev/null "$list" -w '%{num_connects}' >"$work/body"
ok 'a connection is closed after the answer' is "$(cat "$work/body")" 11
fault -d action=status -d count=0
ok 'a fault stays until it is cleared' is "$(status "$list")" 503
control DELETE faults
ok '... and is cleared' is "$(status "$list")" 200
ok 'a fault that does not exist is refused' is \
	"$(curl -s -o /dev/null -w '%{http_code}' -d action=none \
	"$origin/_emulator/faults")" 400
began=$(now_ms)
stop
ok 'it ends cleanly on SIGTERM' is $? 0
ok '... at once, though a request is stalled' less $(($(now_ms) - began)) 1500
wait "$stalled"

# --- flags ---------------------------------------------------------------
start --documents 230 --token-style offset --token-encoding escaped \
	--param-order varied --page-size-over-limit clamp --base-path /a/b \
	--api-key SK1 --api-secret s --upload-status 200 --upload-omits-fields on \
	--attributes-update merge --error-shape rfc9457 --state-error-status 409 \
	--empty-last-page on --meta-first on --gzip on
list=$origin/a/b$resource
ok 'offset tokens, escaped' has "$(api "$list" | next_of)" '%3D%3D'
walk "$list?PageSize=23" >"$work/all"
ok '... walk the list' is "$(sort -u "$work/all" | wc -l)" 230
ok 'PageSize is clamped' is "$(api "$list?PageSize=5000" | sids | wc -l)" 230
ok 'an API key is a way in' is "$(curl -s -o /dev/null -w '%{http_code}' \
	-u SK1:s "$list")" 200
printf 'x' >"$work/a.pdf"
ok 'an upload may be 200' is "$(upload "$list" application/pdf)" 200
ok '... and lack fields' is "$(grep -c failure_reason "$work/body")" 0
new=$(field sid <"$work/body")
api -o /dev/null "$list/$new" --data-urlencode 'Attributes={"x":2,"y":[3]}'
ok 'attributes may be merged' has "$(api "$list/$new")" \
	'{"n":12345678901234567890,"x":2,"e":1.0e2,"s":"a\u00e9\n","y":[3]}'
ok 'errors may have another shape' has "$(api "$list/x")" '"title":'
ok 'gzip where it is offered' is "$(api --compressed "$list" | sids | wc -l)" 50
ok '... and only there' is "$(api "$list" | sids | wc -l)" 50
start --documents 100 --list-order updated
api "$list?PageSize=40" >"$work/page"
first=$(field sid <"$work/page")
state 0 draft
second=$(next_of <"$work/page")
ok 'an updated document moves to the end' is \
	"$(walk "$list?PageSize=30" | tail -1)" "\"sid\":\"$(sid 0)\""
ok '... and the tokens stay good' is "$(status "$second")" 200
ok '... and the others keep their order' [ "$(api "$list" | field sid)" = \
	"$first" -o "$first" = "$(sid 0)" ]
start --documents 100 --list-order sid --deleted-anchor skip
create x passport >/dev/null
walk "$list?PageSize=30" >"$work/all"
ok 'by sid' is "$(wc -l <"$work/all") $(sort -c "$work/all" 2>&1)" '101 '
api "$list?PageSize=30" >"$work/page"
anchor=$(sed -n 's/"sid":"\(.*\)"/\1/p' "$work/all" | sed -n 30p)
control DELETE "document?sid=$anchor"
ok 'a deleted anchor is skipped' is \
	"$(api "$(next_of <"$work/page")" | sids | head -1)" \
	"$(sed -n 31p "$work/all")"
start --documents 100 --max-concurrent 2 --retry-after 1 --latency 200
at_once 6 -w '%{http_code}\n' >"$work/codes"
ok 'too many at once are 429' is \
	"$(sort "$work/codes" | uniq -c | tr -s ' \n' ' ')" ' 2 200 4 429 '
ok '... and are counted' is "$(counter throttled)" 4
start --documents 100 --latency 200
began=$(now_ms)
at_once 8
ok 'eight at once take hardly longer than one' less \
	$(($(now_ms) - began)) $((500 * slow))
ok '... and eight were in flight' is "$(counter in_flight_max)" 8

# --- TLS -----------------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 \
	-addext subjectAltName=IP:127.0.0.1 -keyout "$work/key.pem" \
	-out "$work/cert.pem" 2>/dev/null
start --documents 60 --tls-cert "$work/cert.pem" --tls-key "$work/key.pem"
ok 'it says https' has "$origin" https://127.0.0.1:
ok 'TLS with verification' is "$(curl -s --cacert "$work/cert.pem" \
	-u "$account:$token" "$list" | sids | wc -l)" 50
ok 'the links are https' has "$(api "$list" | next_of)" "$list"

fault -d action=reset_before
api -o /dev/null "$list"
ok 'a reset under TLS (56)' is $? 56
fault -d action=cut
api -o /dev/null "$list"
ok 'a cut under TLS (18)' is $? 18
fault -d action=stall_body
api --max-time 0.3 -o /dev/null "$list"
ok 'half a body under TLS (28)' is $? 28
ok '... and on it goes' is "$(status "$list")" 200

# --- processes -----------------------------------------------------------
port=${origin##*:}
ok 'a port that is taken is said so' has \
	"$(./regdocs-emulator --port "$port" 2>&1)" 'could not listen'
ok 'an unknown option is refused' has \
	"$(./regdocs-emulator --nonsense 1 2>&1)" 'unknown option "--nonsense"'
ok 'a value out of range is refused' has \
	"$(./regdocs-emulator --gzip maybe 2>&1)" 'one of off|on'
ok '--help lists the options' has "$(./regdocs-emulator --help)" --seed
bash -c './regdocs-emulator --exit-with-parent >"$0" & sleep 0.3
	echo $! >"$0.pid"' "$work/child"
sleep 0.3
ok 'it ends with its parent' ended "$(cat "$work/child.pid")"

# --- several accounts ----------------------------------------------------
# of NUMBER TOKEN: what the account of that number is answered
of()
{
	curl -s --max-time 20 -o "$work/body" -w '%{http_code}' \
		-u "${account:0:26}$(printf '%08x' "$((0x${account:26} + $1))"):$2" \
		"$list?PageSize=1000"
}
start --documents 30 --accounts 12
ok 'the first account is as ever' is "$(of 0 "$token")" 200
sids <"$work/body" >"$work/first"
ok 'the last has a token of its own' is "$(of 11 "$token-11")" 200
sids <"$work/body" >"$work/last"
ok '... as many documents' is "$(wc -l <"$work/last")" 30
ok '... and none of the first' is \
	"$(sort "$work/first" "$work/last" | uniq -d | wc -l)" 0
ok '... which are its own' is "$(field account_sid <"$work/body")" \
	"${account:0:26}$(printf '%08x' "$((0x${account:26} + 11))")"
ok '... and the same again' is "$(of 11 "$token-11"; sids <"$work/body" |
	cmp - "$work/last")" 200
for wrong in "11 $token" "11 $token-1" "11 $token-011" "0 $token-0" \
	"12 $token-12" "-1 $token--1"; do
	# shellcheck disable=SC2086
	ok "not with account and token $wrong" is "$(of $wrong)" 401
done
stop
ok 'it ended well' is $? 0

# --- size and speed ------------------------------------------------------
began=$(now_ms)
start --documents "$big"
ok "it starts with $big documents within three seconds" less \
	$(($(now_ms) - began)) $((3000 * slow))
again "$list?PageSize=1000" | sort -n >"$work/times"
ok 'a page of 1,000 documents takes 2 ms at most' less \
	"$(sed -n '5s/^0\.0*//p' "$work/times")" $((2000 * slow))
echo "# a quarter took at most, in us: $(sed -n '5s/^0\.0*//p' "$work/times")"
one=$list/$(sid 5)
began=$(now_ms)
again "$one" >/dev/null
ok '20 fetches on one connection have no delays' less \
	$(($(now_ms) - began)) $((300 * slow))
ok '... and use one connection each time' is "$(counter connections)" 2
ok 'it stays below 200 MB' less \
	"$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status")" 204800
stop
ok 'it ended well' is $? 0
