namespace CampaignHub.Core.Relays;

public sealed partial class RelayRegions
{
    /// <summary>
    /// The world by where providers have their data centres, in their own words for them. Each country of ISO 3166-1 is in
    /// one of them; where its people are nearer to another, the tenant says so.
    /// </summary>
    public static RelayRegions BuiltIn { get; } = new(Parse("""
        eu-north     AX DK EE FI FO GL IS LT LV NO SE SJ
        eu-west      BE FR GB GG IE IM JE LU MC NL
        eu-central   AM AT AZ BY CH CZ DE GE HU KG KZ LI MD PL RU SK TJ TM UA UZ
        eu-south     AD AL BA BG CY ES GI GR HR IT ME MK MT PT RO RS SI SM VA XK
        us-east      AG AI AW BB BL BM BQ BS CA CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PM PR SX TC TT US VC VG VI
        us-west      BZ CR GT HN MX NI PA SV
        sa-east      AQ AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE
        ap-northeast JP KP KR
        ap-east      CN HK MN MO TW
        ap-southeast AS AU BN CC CK CX FJ FM GU HM ID KH KI LA MH MM MP MY NC NF NR NU NZ PF PG PH PN PW SB SG TH TK TL TO TV UM VN VU WF WS
        ap-south     AF BD BT IN IO LK MV NP PK
        me           AE BH IL IQ IR JO KW LB OM PS QA SA SY TR YE
        af           AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG
        af           RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW
        """));

    private static IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> Parse(string table) => table.Split('\n')
        .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .GroupBy(words => words[0])
        .Select(region => KeyValuePair.Create<string, IReadOnlyList<string>>(region.Key, [.. region.SelectMany(words => words.Skip(1))]));
}
