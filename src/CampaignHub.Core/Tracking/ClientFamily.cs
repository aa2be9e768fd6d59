namespace CampaignHub.Core.Tracking;

/// <summary>The program that a hit came from, as far as reports break down by it.</summary>
public enum ClientFamily
{
    /// <summary>Apple's Mail Privacy Protection: which program, it hides.</summary>
    ApplePrivacyProxy,

    /// <summary>Gmail, by its image proxy.</summary>
    Gmail,

    /// <summary>Yahoo Mail, by its image proxy.</summary>
    Yahoo,

    /// <summary>Another mailbox provider's image proxy.</summary>
    OtherImageProxy,

    /// <summary>Outlook and Office on desktops, Outlook's apps on telephones.</summary>
    Outlook,

    Thunderbird,

    /// <summary>Mail on Apple's devices: WebKit that names no browser.</summary>
    AppleMail,

    /// <summary>An app of a social network that shows the web in itself.</summary>
    SocialApp,

    SamsungInternet,
    Opera,
    Edge,
    Firefox,
    Chrome,
    InternetExplorer,
    Safari,

    /// <summary>A program that no person reads with.</summary>
    Bot,

    Other,
}

/// <summary>Reads the client's family from a <c>User-Agent</c>; the header itself need not be kept.</summary>
public static class ClientFamilies
{
    /// <summary>In this order: most programs claim to be those further down too.</summary>
    private static readonly (string Token, ClientFamily Family)[] s_readers =
    [
        ("Outlook", ClientFamily.Outlook), ("ms-office", ClientFamily.Outlook), ("Microsoft Office", ClientFamily.Outlook),
        ("Thunderbird", ClientFamily.Thunderbird),
        ("FBAN/", ClientFamily.SocialApp), ("FBAV/", ClientFamily.SocialApp), ("Instagram", ClientFamily.SocialApp),
        ("Pinterest", ClientFamily.SocialApp), ("Twitter", ClientFamily.SocialApp),
        ("SamsungBrowser", ClientFamily.SamsungInternet),
        ("OPR/", ClientFamily.Opera), ("Opera", ClientFamily.Opera),
        ("Edg/", ClientFamily.Edge), ("Edge/", ClientFamily.Edge), ("EdgA/", ClientFamily.Edge), ("EdgiOS/", ClientFamily.Edge),
        ("Firefox/", ClientFamily.Firefox), ("FxiOS/", ClientFamily.Firefox),
        ("Chrome/", ClientFamily.Chrome), ("CriOS/", ClientFamily.Chrome),
        ("MSIE", ClientFamily.InternetExplorer), ("Trident/", ClientFamily.InternetExplorer),
        ("Android", ClientFamily.Other), // Android's old browser says Safari.
        ("Safari/", ClientFamily.Safari),
    ];

    /// <summary>The family that the header names.</summary>
    public static ClientFamily Of(string? userAgent)
    {
        if (userAgent == "Mozilla/5.0")
            return ClientFamily.ApplePrivacyProxy;
        return UserAgents.KindOf(userAgent) switch
        {
            UserAgentKind.ImageProxy => OfProxy(userAgent),
            UserAgentKind.Empty => ClientFamily.Other,
            UserAgentKind.Reader => OfReader(userAgent.AsSpan(0, Math.Min(userAgent!.Length, UserAgents.MaxLength))),
            _ => ClientFamily.Bot,
        };
    }

    private static ClientFamily OfProxy(ReadOnlySpan<char> text) =>
        Has(text, "GoogleImageProxy") ? ClientFamily.Gmail : Has(text, "YahooMailProxy") ? ClientFamily.Yahoo : ClientFamily.OtherImageProxy;

    private static ClientFamily OfReader(ReadOnlySpan<char> text)
    {
        foreach (var (token, family) in s_readers)
            if (Has(text, token))
                return family;
        return Has(text, "AppleWebKit") && (Has(text, "Mac OS") || Has(text, "iPhone") || Has(text, "iPad")) ? ClientFamily.AppleMail : ClientFamily.Other;
    }

    private static bool Has(ReadOnlySpan<char> text, string token) => text.Contains(token, StringComparison.OrdinalIgnoreCase);
}
