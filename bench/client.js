/*
 * client.js: what a script does with the vendor's client: all documents of an
 * account, as COPY reads them.
 *
 *	node client.js URL
 *
 * Account and token come from EMULATOR_ACCOUNT_SID and EMULATOR_AUTH_TOKEN;
 * the client itself is found by NODE_PATH.
 */
"use strict";

const twilio = require("twilio");

const columns = ["sid", "accountSid", "friendlyName", "mimeType", "status",
	"failureReason", "errors", "type", "attributes",
	"dateCreated", "dateUpdated", "url"];

function text(value)
{
	if (value === null || value === undefined)
		return "\\N";
	if (value instanceof Date)
		value = value.toISOString();
	else if (typeof value === "object")
		value = JSON.stringify(value);
	return String(value).replace(/[\\\t\n\r]/g,
		(c) => ({ "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" })[c]);
}

const client = twilio(process.env.EMULATOR_ACCOUNT_SID,
	process.env.EMULATOR_AUTH_TOKEN);

client.numbers.baseUrl = process.argv[2];
client.numbers.v2.regulatoryCompliance.supportingDocuments.each({
	pageSize: 1000,
	callback: (document) => process.stdout.write(
		columns.map((name) => text(document[name])).join("\t") + "\n"),
	done: (error) => {
		if (error)
		{
			console.error(error);
			process.exitCode = 1;
		}
	}
});
