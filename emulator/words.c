/*
 * words.c
 *		Which words are the documents made of?
 */
#include "words.h"

/*
 * The formatter breaks some bytes of UTF-8, and strings over several lines.
 */
/* INDENT OFF */
const char *const emu_first_names[EMU_NAMES] = {
	"Alice", "Benoît", "Chloé", "Dmitri", "Elif", "Fatima", "George",
	"Hannah", "İbrahim", "José", "Katarzyna", "Lars", "María", "Ngọc",
	"Olu\\u1e63\\u1ecd\\u0301la", "Priya", "Quentin", "Ruairí", "Søren",
	"Tomáš", "Ursula", "Vasilis", "Wei", "Ximena", "Yuki", "Zoë", "美咲",
	"محمد", "דוד", "Сергей", "अर्जुन", "Anne-Marie"
};

const char *const emu_last_names[EMU_NAMES] = {
	"Anderson", "Bäcker", "Castillo", "Dupont", "Eriksson", "Ferreira",
	"García", "Håkansson", "Ivanova", "Jørgensen", "Kowalski", "Łukaszewicz",
	"Müller", "Nguyễn", "O'Brien", "Papadopoulos", "Quispe", "Rossi",
	"Smith", "Tremblay", "Ünal", "van der Berg", "Weiß", "Xu", "Yıldız",
	"Zieliński", "山田", "李", "العلي", "כהן", "Петров", "शर्मा"
};

const char *const emu_businesses[EMU_BUSINESSES] = {
	"Acme Trading Ltd", "Müller & Söhne GmbH", "Café del Mar ☕ SL",
	"株式会社山田商店", "شركة النور للتجارة", "北京云通科技有限公司",
	"Smith \\\"Two Rivers\\\" LLC", "Boulangerie d'Été SARL",
	"Nordlys Energi AS", "Telefónica de Prueba SA", "Kowalski i Synowie",
	"ООО Северный Ветер", "Ελληνική Ναυτιλία ΑΕ", "Blue Ocean Calls Inc",
	"Rocket \\ud83d\\ude80 Logistics BV", "Fjord Media ApS",
	"Back\\\\slash Studios", "A\\/B Testing Partners", "Hello World 🌍 Ltd",
	"Green Fields Pty Ltd", "Lago di Como Srl", "Zürich Voice AG",
	"São Paulo Dados Ltda", "Dublin Digital DAC", "Tallinn OÜ",
	"한빛통신 주식회사", "บริษัท สยามเทเลคอม จำกัด", "Acme <Holdings> & Co",
	"Queue Systems, LLC", "Ümlaut İletişim A.Ş.", "Étoile du Nord SA",
	"Plain Text plc"
};

const char *const emu_streets[EMU_STREETS] = {
	"12 High Street", "Hauptstraße 7", "8 rue de l'Église", "Calle Mayor 15",
	"1-2-3 千代田区", "Via Roma 101", "Storgata 4B", "شارع التحرير 22",
	"Rua Augusta 900", "Невский проспект 30", "Keizersgracht 555",
	"350 5th Ave\\nFloor 21", "P.O. Box \\\"77\\\"", "Plac Zamkowy 4",
	"O'Connell St. 9", "Kärntner Straße 1"
};

const char *const emu_notes[EMU_NOTES] = {
	"", "ok", "see page 2\\nand 3", "scan: C:\\\\docs\\\\a.pdf",
	"tab\\there", "he said \\\"yes\\\"", "emoji 👩‍👩‍👧‍👦 👍🏽 ✅",
	"\\u00e9\\u00e8\\u4e2d\\u6587", "日本語の注記", "ملاحظة قصيرة",
	"\\ud83c\\udf89 done", "a'b''c", "100% % done", "{\\\"not\\\":\\\"json\\\"}",
	"\\u0001\\u001f control", "trailing space "
};

const char *const emu_countries[EMU_COUNTRIES] = {
	"US", "GB", "DE", "FR", "ES", "IT", "PL", "JP", "BR", "AU", "IE", "NL",
	"SE", "MX", "IN", "ZA"
};

const char *const emu_mime_types[EMU_MIME_TYPES] = {
	"\"application/pdf\"", "\"image/jpeg\"", "\"image/png\"",
	"\"application/pdf\""
};

const EmuTypeWords emu_type_words[EMU_TYPES] = {
	{"business_registration", "Business registration",
		"{\"business_name\":\"%b\",\"document_number\":\"%n\","
		"\"issue_date\":\"%d\",\"address_sids\":[\"%A\"]}"},
	{"passport", "Passport",
		"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"document_number\":\"%n\",\"nationality\":\"%c\"}"},
	{"address", "Address", "{\"address_sids\":[\"%A\"]}"},
	{"address", "Addresses",
		"{\"address_sids\":[\"%A\",\"%A\",\"%A\"],\"is_primary\":%t}"},
	{"commercial_registrar_excerpt", "Registrar excerpt",
		"{\"business_name\":\"%b\",\"document_number\":\"%n\","
		"\"is_certified\":%t,\"issue_date\":\"%d\",\"pages\":%i}"},
	{"government_issued_document", "Government ID",
		"{\"first_name\":\"%f\",\"last_name\":\"%l\","
		"\"document_number\":\"%n\",\"expiry_date\":\"%d\"}"},
	{"power_of_attorney", "Power of attorney",
		"{\"grantor\":{\"business_name\":\"%b\",\"country\":\"%c\"},"
		"\"grantees\":[\"%f %l\",\"%f %l\"],\"revocable\":%t}"},
	{"utility_bill", "Utility bill",
		"{\"address_sids\":[\"%A\"],\"amount\":%a,\"issue_date\":\"%d\","
		"\"note\":\"%o\"}"},
	{"tax_document", "Tax document",
		"{\"business_name\":\"%b\",\"tax_year\":%y,\"tax_id\":\"%n\","
		"\"turnover\":%a,\"rate\":0.1}"},
	{"corporate_registry", "Corporate registry",
		"{\"business_name\":\"%b\",\"document_number\":\"%n\","
		"\"employees\":%i,\"registry_number\":%L,"
		"\"officers\":[{\"first_name\":\"%f\",\"last_name\":\"%l\"},"
		"{\"first_name\":\"%f\",\"last_name\":\"%l\"}]}"},
	{"business_registration", "Business registration",
		"{\"business_name\":\"%b\",\"business_description\":\"%o\","
		"\"business_address\":{\"street\":\"%s\",\"country\":\"%c\"},"
		"\"document_number\":\"%n\",\"website\":null}"},
	{"national_id", "National ID",
		"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"birth_date\":\"%B\","
		"\"document_number\":\"%n\",\"over_18\":true}"},
	{"passport", "Passport",
		"{\"first_name\":\"%f\",\"last_name\":\"%l\","
		"\"document_number\":\"%n\",\"issued_by\":\"%c\"}"},
	{"proof_of_residence", "Proof of residence",
		"{\"first_name\":\"%f\",\"last_name\":\"%l\",\"street\":\"%s\","
		"\"notes\":[\"%o\",\"%o\"],\"tags\":[]}"},
	{"drivers_license", "Driver's license",
		"{\"first_name\":\"%f\",\"last_name\":\"%l\","
		"\"document_number\":\"%n\",\"categories\":[\"A\",\"B\"],"
		"\"points\":%i}"},
	{"business_license", "Business license", "{}"}
};

const EmuRejection emu_rejections[EMU_REJECTIONS] = {
	{18001, "The document is not of an accepted kind."},
	{18002, "The document is blurry or cannot be read."},
	{18003, "The document has expired."},
	{18004, "Parts of the document are covered up."},
	{18005, "Information is missing."},
	{18006, "The information does not match the document."},
	{18007, "The document is incomplete; pages \\\"2\\\" and \\\"3\\\" lack."},
	{18008, "The name on the proof of identity differs."},
	{18010, "The business registration number differs."},
	{18011, "The business name differs."},
	{18012, "A domestic address is required."},
	{18014, "The address is incomplete."},
	{18016, "The address does not match."},
	{18018, "A PO box is not accepted."},
	{18022, "The proof of address is too old."},
	{18052, "The person is under age."}
};
/* INDENT ON */
