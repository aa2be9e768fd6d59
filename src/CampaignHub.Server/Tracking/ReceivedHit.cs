using System.Text.Json.Serialization;
using CampaignHub.Core.Tracking;
using NodaTime;

namespace CampaignHub.Server.Tracking;

/// <summary>A request to a tracking URL, as it came: what is stored before it is answered.</summary>
internal sealed record ReceivedHit
{
    private const int MaxHeaderLength = 64;

    /// <summary>Made when the request came, so that storing it twice is storing it once.</summary>
    public Guid HitId { get; init; } = Guid.CreateVersion7();

    public required Guid TenantId { get; init; }
    public required Guid DeliveryId { get; init; }
    [JsonConverter(typeof(JsonStringEnumConverter<HitKind>))]
    public required HitKind Kind { get; init; }
    public required Instant At { get; init; }
    public int? LinkIndex { get; init; }
    public string? Url { get; init; }
    public string Method { get; init; } = "GET";
    public string? UserAgent { get; init; }
    public string? Purpose { get; init; }
    public string? SecPurpose { get; init; }
    public bool HasXMoz { get; init; }

    /// <summary>It came from a network of a data centre.</summary>
    public bool FromDataCentre { get; init; }

    /// <summary>The country that it came from; null where none is known, and of who wants not to be tracked.</summary>
    public string? IpCountry { get; init; }

    /// <summary>The network that it came from (<see cref="HitNetwork"/>); null where none is known, and of who wants not to be tracked.</summary>
    public byte[]? Network { get; init; }

    /// <summary>The browser says that its user wants not to be tracked: <c>DNT</c> (W3C Tracking Preference Expression) or <c>Sec-GPC</c> (Global Privacy Control).</summary>
    public bool IsAnonymous { get; init; }

    public static ReceivedHit Open(TrackingToken token, HttpRequest request, Instant at) => Of(token, HitKind.Open, request, at);

    public static ReceivedHit Click(TrackingToken token, string? url, HttpRequest request, Instant at) =>
        Of(token, HitKind.Click, request, at) with { LinkIndex = token.Kind == TrackingTokenKind.Honeypot ? Honeypot.LinkIndex : token.LinkIndex, Url = url };

    private static ReceivedHit Of(TrackingToken token, HitKind kind, HttpRequest request, Instant at) => new()
    {
        TenantId = token.TenantId,
        DeliveryId = token.DeliveryId,
        Kind = kind,
        At = at,
        Method = request.Method,
        UserAgent = Header(request, "User-Agent", UserAgents.MaxLength),
        Purpose = Header(request, "Purpose", MaxHeaderLength) ?? Header(request, "X-Purpose", MaxHeaderLength),
        SecPurpose = Header(request, "Sec-Purpose", MaxHeaderLength),
        HasXMoz = request.Headers.ContainsKey("X-Moz"),
        IsAnonymous = request.Headers["DNT"] == "1" || request.Headers["Sec-GPC"] == "1",
    };

    /// <summary>The header's front; null where it is absent. Never ends in half a character, which no database takes.</summary>
    private static string? Header(HttpRequest request, string name, int maxLength)
    {
        if (!request.Headers.TryGetValue(name, out var values))
            return null;
        var text = values.ToString();
        if (text.Length <= maxLength)
            return text;
        return text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }
}
