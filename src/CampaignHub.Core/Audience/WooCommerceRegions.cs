using System.Globalization;

namespace CampaignHub.Core.Audience;

/// <summary>WooCommerce's codes of states → those of ISO 3166-2. Most are the same, some have their country before them, China's are its own.</summary>
public static class WooCommerceRegions
{
    /// <summary><c>CN1</c> to <c>CN32</c>.</summary>
    private static readonly string[] China =
        "YN BJ TJ HE SX NM LN JL HL SH JS ZJ AH FJ JX SD HA HB HN GD GX HI CQ SC GZ SN GS QH NX MO XZ XJ".Split(' ');

    /// <param name="country">A code out of <see cref="Countries"/>; null where none is known.</param>
    /// <param name="state">As the shop has it.</param>
    /// <returns>The code of ISO 3166-2, with its country or without it; what isn't WooCommerce's own as it came.</returns>
    public static string ToIso(string? country, string state)
    {
        if (country is null || !state.StartsWith(country, StringComparison.OrdinalIgnoreCase) || !IsNumber(state.AsSpan(country.Length), out var number))
            return state;
        return country != "CN" ? state[country.Length..] : number >= 1 && number <= China.Length ? China[number - 1] : state;
    }

    private static bool IsNumber(ReadOnlySpan<char> text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
