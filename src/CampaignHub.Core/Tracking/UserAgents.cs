using System.Buffers;

namespace CampaignHub.Core.Tracking;

/// <summary>What sort of program a <c>User-Agent</c> names.</summary>
public enum UserAgentKind
{
    /// <summary>A browser or mail program on a device that people read on.</summary>
    Reader,

    /// <summary>Absent or blank.</summary>
    Empty,

    /// <summary>A mailbox provider's image proxy.</summary>
    ImageProxy,

    /// <summary>A crawler, monitor, preview or test robot.</summary>
    Bot,

    /// <summary>A security scanner.</summary>
    Scanner,

    /// <summary>An HTTP library, or a program that names no device at all.</summary>
    Library,
}

/// <summary>Recognises families of user agents by tokens, not by lists of products: names come and go, their habits stay.</summary>
public static class UserAgents
{
    /// <summary>Only this many characters count: a header can be long, its say is at the front.</summary>
    public const int MaxLength = 512;

    private static readonly SearchValues<string> s_imageProxies = Tokens(
        "GoogleImageProxy", "YahooMailProxy", "EmailProxy", "Image Proxy", "ImageProxy");

    private static readonly SearchValues<string> s_scanners = Tokens(
        "scan", "virustotal", "barracuda", "proofpoint", "mimecast", "safelinks", "forcepoint", "clamav", "openvas",
        "nikto", "sqlmap", "nuclei", "censys", "shodan", "watchtowr", "ips-agent", "urldefense");

    private static readonly SearchValues<string> s_bots = Tokens(
        "crawl", "spider", "spyder", "slurp", "scrap", "archiv", "fetch", "preview", "monitor", "check", "validat",
        "headless", "phantomjs", "selenium", "playwright", "puppeteer", "cypress", "synthetic", "lighthouse", "page speed",
        "pagespeed", "pingdom", "uptime", "index", "harvest", "transcoder", "probe", "diagnostic", "observatory", "insights",
        "verification", "optimizer", "facebookexternal", "ptst/", "splash version", "agent ", "agent/", "agent)", "feeder", "feed finder",
        // A robot's manners: it says where to complain. Browsers don't.
        "http://", "https://", "www.");

    private static readonly SearchValues<string> s_libraries = Tokens(
        "curl", "wget", "python", "java/", "go-http", "okhttp", "axios", "libwww-perl", "lwp", "perl", "ruby", "php/", "guzzle",
        "httpclient", "http-client", "http_client", "httpie", "httpx", "aiohttp", "urllib", "node-fetch", "postman", "insomnia",
        "apache-", "jakarta", "winhttp", "restsharp", "faraday", "grpc-", "http request", "download");

    private static readonly SearchValues<string> s_devices = Tokens(
        "windows", "win10", "mac os", "macos", "macintosh", "os=mac", "darwin", "cfnetwork", "iphone", "ipad", "ios", "android", "linux",
        "x11", "bsd", "sunos", "symbian", "midp", "blackberry", "bb10", "playstation", "nintendo", "webos", "tizen", "kaios", "roku",
        "amiga", "beos", "os/2", "webkit", "gecko", "msie", "trident", "presto", "fban/", "outlook", "ms-office", "lynx/", "monazilla");

    private static readonly SearchValues<string> s_genuineCompatibles = Tokens("msie", "trident", "konqueror", "amiga", "ms-office");

    /// <summary>The sort of program that the header names.</summary>
    public static UserAgentKind KindOf(string? userAgent)
    {
        if (string.IsNullOrWhiteSpace(userAgent))
            return UserAgentKind.Empty;
        var text = userAgent.AsSpan(0, Math.Min(userAgent.Length, MaxLength));
        if (text.ContainsAny(s_imageProxies))
            return UserAgentKind.ImageProxy;
        if (text.ContainsAny(s_scanners))
            return UserAgentKind.Scanner;
        if (text.ContainsAny(s_bots) || SaysBot(text) || SaysContact(text))
            return UserAgentKind.Bot;
        return text.ContainsAny(s_libraries) || !NamesDevice(text) ? UserAgentKind.Library : UserAgentKind.Reader;
    }

    /// <summary>"bot" at the end of a word ("Googlebot/2.1", "robots"), so that neither fuboTV nor Caboto is one. Cubot makes telephones.</summary>
    private static bool SaysBot(ReadOnlySpan<char> text)
    {
        for (var rest = text; rest.IndexOf("bot", StringComparison.OrdinalIgnoreCase) is var at and >= 0; rest = rest[(at + 3)..])
        {
            var isPhone = rest[..at].EndsWith("cu", StringComparison.OrdinalIgnoreCase);
            var after = at + 3 < rest.Length ? rest[at + 3] : ' ';
            if (!isPhone && (!char.IsAsciiLetter(after) || after is 's' or 'S'))
                return true;
        }
        return false;
    }

    /// <summary>A mail address to complain to, "name@host.tld"; what follows an app's version ("ios@9.2") has no letters.</summary>
    private static bool SaysContact(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        if (at < 1 || at + 1 >= text.Length || !char.IsAsciiLetterOrDigit(text[at - 1]) || !char.IsAsciiLetter(text[at + 1]))
            return false;
        var host = text[(at + 1)..];
        var end = host.IndexOfAny(" ;,)");
        return (end < 0 ? host : host[..end]).Contains('.');
    }

    /// <summary>"compatible;" without the old browsers that wrote it is how robots wear a browser's name.</summary>
    private static bool NamesDevice(ReadOnlySpan<char> text) =>
        text.ContainsAny(s_devices)
        && (!text.Contains("compatible;", StringComparison.OrdinalIgnoreCase) || text.ContainsAny(s_genuineCompatibles));

    private static SearchValues<string> Tokens(params ReadOnlySpan<string> tokens) =>
        SearchValues.Create(tokens, StringComparison.OrdinalIgnoreCase);
}
