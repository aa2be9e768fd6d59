using System.Globalization;

namespace CampaignHub.Core.Pages;

/// <summary>A language that the public pages speak.</summary>
/// <param name="Tag">Its tag (BCP 47), as pages say it in <c>lang</c>.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="IsRightToLeft">Whether it is written from right to left.</param>
public sealed record PageLanguage(string Tag, string Name, bool IsRightToLeft = false)
{
    /// <summary>What of an <c>Accept-Language</c> is read: a browser's is far shorter.</summary>
    private const int LongestHeader = 1_000;

    /// <summary>All of them; the first is spoken where none other is asked for.</summary>
    public static readonly IReadOnlyList<PageLanguage> All =
    [
        new("en", "English"), new("de", "Deutsch"), new("fr", "Français"), new("es", "Español"), new("it", "Italiano"), new("nl", "Nederlands"),
        new("pt", "Português"), new("pl", "Polski"), new("tr", "Türkçe"), new("ru", "Русский"), new("ja", "日本語"), new("ko", "한국어"),
        new("th", "ไทย"), new("vi", "Tiếng Việt"), new("id", "Bahasa Indonesia"), new("zh-Hans", "简体中文"), new("zh-Hant", "繁體中文"),
        new("ar", "العربية", IsRightToLeft: true),
    ];

    public static PageLanguage English => All[0];

    /// <summary>The direction, as HTML's <c>dir</c> has it.</summary>
    public string Direction => IsRightToLeft ? "rtl" : "ltr";

    /// <summary>The language for somebody: by the locale that is known of them, else by what their browser asks for, else English.</summary>
    /// <param name="locale">A language tag such as <c>pt-BR</c>; null where none is known.</param>
    /// <param name="acceptLanguage">The header of RFC 9110 12.5.4, untrusted; null where there is none.</param>
    public static PageLanguage For(string? locale, string? acceptLanguage) => OfTag(locale) ?? OfHeader(acceptLanguage) ?? English;

    /// <summary>The language of a tag, whatever its region; null where we don't speak it.</summary>
    public static PageLanguage? OfTag(string? tag)
    {
        if (tag is null)
            return null;
        var parts = tag.Trim().ToLowerInvariant().Split('-', '_');
        var wanted = parts[0] switch
        {
            "zh" => IsTraditional(parts) ? "zh-Hant" : "zh-Hans",
            "in" => "id", // as Java and Android spelled it for long
            var language => language,
        };
        return All.FirstOrDefault(language => language.Tag == wanted);
    }

    /// <summary>Of what a browser asks for, what it prefers and we speak; the first of several that it likes as well.</summary>
    private static PageLanguage? OfHeader(string? header) => header is null or { Length: > LongestHeader } ? null : header.Split(',')
        .Select(Weighted).Where(asked => asked.Weight > 0).OrderByDescending(asked => asked.Weight)
        .Select(asked => OfTag(asked.Tag)).FirstOrDefault(language => language is not null);

    private static (string Tag, double Weight) Weighted(string item)
    {
        var parts = item.Split(';');
        var weight = parts.Skip(1).Select(parameter => parameter.Trim()).FirstOrDefault(parameter => parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase));
        return (parts[0], weight is null ? 1 : double.TryParse(weight[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) ? q : 0);
    }

    private static bool IsTraditional(string[] parts) =>
        parts.Contains("hant") || !parts.Contains("hans") && parts.Any(part => part is "tw" or "hk" or "mo");
}
