using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace CampaignHub.Core.Audience;

/// <summary>The country codes of ISO 3166-1 alpha-2, and Kosovo's XK, which shops and carriers use though ISO has none.</summary>
public static class Countries
{
    private static readonly FrozenSet<string> Codes = """
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
        GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT
        JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
        MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ
        OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
        SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
        UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();

    /// <summary>All codes, upper case.</summary>
    public static IReadOnlySet<string> All => Codes;

    /// <summary>Takes a code in any case; <c>UK</c>, which ISO reserves for the purpose, is read as GB.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out string? code, [NotNullWhen(false)] out string? problem)
    {
        var upper = (text ?? "").Trim().ToUpperInvariant();
        code = upper == "UK" ? "GB" : upper;
        problem = Codes.Contains(code) ? null : "The country must be a code of ISO 3166-1 with two letters, such as DE.";
        code = problem is null ? code : null;
        return problem is null;
    }
}
