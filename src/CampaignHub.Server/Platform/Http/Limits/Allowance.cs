namespace CampaignHub.Server.Platform.Http.Limits;

/// <summary>What somebody may still do.</summary>
/// <param name="Policy">By which limit.</param>
/// <param name="Left">How often, as far as this node knows.</param>
/// <param name="SecondsLeft">Until when it is counted anew.</param>
/// <param name="IsRefused">Nothing was left.</param>
internal readonly record struct Allowance(RateLimitPolicy Policy, int Left, int SecondsLeft, bool IsRefused)
{
    /// <summary>As draft-ietf-httpapi-ratelimit-headers has it: structured fields (RFC 9651), lists of all limits that the request is under.</summary>
    public void AddTo(IHeaderDictionary headers)
    {
        Add(headers, "RateLimit-Policy", FormattableString.Invariant($"\"{Policy.Name}\";q={Policy.Limit};w={(long)Policy.Window.TotalSeconds}"));
        Add(headers, "RateLimit", FormattableString.Invariant($"\"{Policy.Name}\";r={Left};t={SecondsLeft}"));
    }

    private static void Add(IHeaderDictionary headers, string name, string member) =>
        headers[name] = headers[name] is { Count: > 0 } before ? $"{before}, {member}" : member;
}
