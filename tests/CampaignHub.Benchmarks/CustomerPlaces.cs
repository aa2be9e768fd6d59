namespace CampaignHub.Benchmarks;

/// <summary>A country that customers live in: its share, language, calling code, and cities with province and postcode.</summary>
/// <param name="Cities">"City|province code or empty|postcode", where # in the postcode is any digit.</param>
internal sealed record CustomerCountry(string Code, int Weight, string Language, string CallingCode, string[][] Cities)
{
    public static readonly IReadOnlyList<CustomerCountry> All =
    [
        Of("US", 210, "en", "1", "New York|NY|100##", "Los Angeles|CA|900##", "Chicago|IL|606##", "Houston|TX|770##", "Phoenix|AZ|850##",
            "Honolulu|HI|968##", "Anchorage|AK|995##", "Denver|CO|802##", "Boise|ID|837##", "Miami|FL|331##", "El Paso|TX|799##", "Seattle|WA|981##"),
        Of("CA", 70, "en", "1", "Toronto|ON|M5V #A#", "Montréal|QC|H2X #B#", "Vancouver|BC|V6B #C#", "Calgary|AB|T2P #E#",
            "Halifax|NS|B3J #G#", "St. John's|NL|A1C #H#", "Winnipeg|MB|R3C #J#", "Regina|SK|S4P #K#"),
        Of("BR", 110, "pt", "55", "São Paulo|SP|01###-0##", "Rio de Janeiro|RJ|20###-1##", "Manaus|AM|69###-0##", "Rio Branco|AC|69###-9##",
            "Cuiabá|MT|78###-1##", "Recife|PE|50###-2##", "Porto Alegre|RS|90###-3##"),
        Of("AU", 60, "en", "61", "Sydney|NSW|20##", "Melbourne|VIC|30##", "Brisbane|QLD|40##", "Perth|WA|60##", "Adelaide|SA|50##",
            "Hobart|TAS|70##", "Darwin|NT|08##", "Broken Hill|NSW|2880", "Canberra|ACT|26##"),
        Of("RU", 70, "ru", "7", "Москва|MOW|1#####", "Санкт-Петербург|SPE|19####", "Екатеринбург|SVE|62####", "Новосибирск|NVS|63####",
            "Калининград|KGD|23####", "Самара|SAM|44####", "Иркутск|IRK|66####", "Владивосток|PRI|69####"),
        Of("MX", 60, "es", "52", "Guadalajara|JAL|44###", "Hermosillo|SON|83###", "Culiacán|SIN|80###", "Oaxaca|OAX|68###", "Puebla|PUE|72###", "Mérida|YUC|97###", "La Paz|BCS|23###"),
        Of("ID", 60, "id", "62", "Jakarta|JK|10###", "Bandung|JB|40###", "Denpasar|BA|80###", "Makassar|SN|90###", "Jayapura|PA|99###", "Medan|SU|20###"),
        Of("DE", 160, "de", "49", "Berlin||10###", "München||80###", "Köln||50###", "Hamburg||20###", "Görlitz||028##"),
        Of("FR", 120, "fr", "33", "Paris||750##", "Lyon||690##", "Orléans||450##", "Besançon||250##"),
        Of("GB", 120, "en", "44", "London||SW1A #AA", "Leeds||LS1 #BB", "Cardiff||CF10 #DD", "Edinburgh||EH1 #EE"),
        Of("JP", 110, "ja", "81", "東京|JP-13|100-00##", "大阪|JP-27|530-00##", "札幌|JP-01|060-00##", "那覇|JP-47|900-00##"),
        Of("CN", 110, "zh", "86", "上海||2000##", "北京||1000##", "成都||6100##", "乌鲁木齐||8300##"),
        Of("IN", 90, "hi", "91", "मुंबई|MH|4000##", "दिल्ली|DL|1100##", "बेंगलुरु|KA|5600##", "कोलकाता|WB|7000##"),
        Of("NZ", 40, "en", "64", "Auckland||10##", "Wellington||60##", "Waitangi||8016"),
        Of("ES", 70, "es", "34", "Madrid||280##", "Sevilla||410##", "Las Palmas|GC|350##", "A Coruña||150##"),
        Of("IT", 60, "it", "39", "Roma||001##", "Milano||201##", "L'Aquila||671##"),
        Of("NL", 40, "nl", "31", "Amsterdam||10## AB", "'s-Hertogenbosch||52## CD"),
        Of("PL", 40, "pl", "48", "Łódź||90-0##", "Kraków||30-0##"),
        Of("PT", 30, "pt", "351", "Lisboa||1###-0##", "Ponta Delgada||95##-0##"),
        Of("SE", 30, "sv", "46", "Malmö||211 ##", "Göteborg||411 ##"),
        Of("NO", 20, "sv", "47", "Tromsø||90##", "Oslo||01##"),
        Of("DK", 20, "sv", "45", "København||21##", "Århus||80##"),
        Of("FI", 20, "sv", "358", "Helsinki||001##", "Jyväskylä||401##"),
        Of("CH", 20, "de", "41", "Zürich||80##", "Genève||12##"),
        Of("AT", 20, "de", "43", "Wien||10##", "Klagenfurt||90##"),
        Of("IE", 20, "en", "353", "Dublin||D0# X2Y#", "Cork||T12 A#B#"),
        Of("CZ", 20, "pl", "420", "Praha||110 ##", "Plzeň||301 ##"),
        Of("GR", 20, "el", "30", "Αθήνα||10# ##", "Ηράκλειο||71# ##"),
        Of("TR", 30, "tr", "90", "İstanbul||34###", "Eskişehir||26###"),
        Of("EG", 40, "ar", "20", "القاهرة||11###", "أسوان||81###"),
        Of("SA", 30, "ar", "966", "الرياض||11###", "جدة||21###"),
        Of("AE", 20, "ar", "971", "دبي||", "الشارقة||"),
        Of("IL", 20, "he", "972", "תל אביב||61#####", "חיפה||31#####"),
        Of("ZA", 30, "af", "27", "Johannesburg||20##", "Gqeberha||60##"),
        Of("NG", 30, "af", "234", "Lagos||10####", "Ìbàdàn||20####"),
        Of("KE", 20, "af", "254", "Nairobi||001##", "Kisumu||401##"),
        Of("TH", 30, "th", "66", "กรุงเทพฯ||10###", "เชียงใหม่||50###"),
        Of("VN", 30, "vi", "84", "Hà Nội||10####", "Đà Nẵng||55####"),
        Of("KR", 30, "ko", "82", "서울||04###", "부산||48###"),
        Of("TW", 20, "zh", "886", "臺北||1##", "高雄||8##"),
    ];

    private static CustomerCountry Of(string code, int weight, string language, string calling, params string[] cities) =>
        new(code, weight, language, calling, [.. cities.Select(city => city.Split('|'))]);
}
