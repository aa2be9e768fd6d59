namespace CampaignHub.Core.Tracking;

/// <summary>The device that a hit came from, as far as it is kept: reports break down by it.</summary>
public enum DeviceFamily
{
    Mobile,
    Tablet,
    Desktop,

    /// <summary>An image or privacy proxy: the person's own device isn't known.</summary>
    Proxy,

    /// <summary>A machine.</summary>
    Bot,

    Other,
}

/// <summary>Reads the device's family from a <c>User-Agent</c>; the header itself need not be kept.</summary>
public static class DeviceFamilies
{
    /// <summary>The family that the header names.</summary>
    public static DeviceFamily Of(string? userAgent)
    {
        if (userAgent == "Mozilla/5.0")
            return DeviceFamily.Proxy;
        return UserAgents.KindOf(userAgent) switch
        {
            UserAgentKind.ImageProxy => DeviceFamily.Proxy,
            UserAgentKind.Empty => DeviceFamily.Other,
            UserAgentKind.Reader => OfReader(userAgent.AsSpan(0, Math.Min(userAgent!.Length, UserAgents.MaxLength))),
            _ => DeviceFamily.Bot,
        };
    }

    /// <summary>The word stored and shown: the family in lower case.</summary>
    public static string Word(this DeviceFamily family) => family switch
    {
        DeviceFamily.Mobile => "mobile",
        DeviceFamily.Tablet => "tablet",
        DeviceFamily.Desktop => "desktop",
        DeviceFamily.Proxy => "proxy",
        DeviceFamily.Bot => "bot",
        DeviceFamily.Other => "other",
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "No such family."),
    };

    private static DeviceFamily OfReader(ReadOnlySpan<char> text)
    {
        if (Has(text, "iPad") || Has(text, "Tablet;") || Has(text, "Kindle") || Has(text, "PlayBook"))
            return DeviceFamily.Tablet;
        if (Has(text, "iPhone") || Has(text, "iPod") || Has(text, "Mobile") || Has(text, "Windows Phone") || Has(text, "MIDP") || Has(text, "Outlook-iOS"))
            return DeviceFamily.Mobile;
        // Android's own convention: a browser on a telephone says "Mobile", one on a tablet doesn't.
        if (Has(text, "Android"))
            return Has(text, "AppleWebKit") ? DeviceFamily.Tablet : DeviceFamily.Mobile;
        return IsDesktop(text) ? DeviceFamily.Desktop : DeviceFamily.Other;
    }

    private static bool IsDesktop(ReadOnlySpan<char> text) =>
        Has(text, "Windows") || Has(text, "Macintosh") || Has(text, "Mac OS") || Has(text, "X11") || Has(text, "Linux")
        || Has(text, "Darwin") || Has(text, "Outlook") || Has(text, "ms-office");

    private static bool Has(ReadOnlySpan<char> text, string token) => text.Contains(token, StringComparison.OrdinalIgnoreCase);
}
