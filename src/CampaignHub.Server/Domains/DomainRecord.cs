using CampaignHub.Core.Domains;
using NodaTime;

namespace CampaignHub.Server.Domains;

/// <summary>A record that a domain should have.</summary>
/// <param name="Host">Its full name; no two records of a domain share name and type.</param>
/// <param name="Value">What to publish; null where only others can say.</param>
/// <param name="Why">What it is for, in a sentence.</param>
/// <param name="Required">Whether the domain is verified by it.</param>
/// <param name="Judge">Decides whether what is there will do.</param>
internal sealed record DomainRecord(string Host, string? Value, string Why, bool Required, Func<IReadOnlyList<string>, RecordVerdict> Judge)
{
    private const int MostFound = 10;
    private const int MostFoundLength = 1_000;

    /// <summary><c>TXT</c>, <c>MX</c> or <c>CNAME</c>; or <c>TLS</c>: nothing to publish, but what has to answer behind the host.</summary>
    public string Type { get; init; } = "TXT";

    /// <summary>Whether it stands in DNS.</summary>
    public bool IsPublished => Type != "TLS";

    /// <summary>By which what was found is kept.</summary>
    public string Key => Type == "TXT" ? Host : $"{Type} {Host}";

    /// <summary>Of a retired key: until when it must stay.</summary>
    public Instant? KeepUntil { get; init; }

    /// <summary>Which of the host's texts concern this record: others may stand beside an SPF record.</summary>
    public Func<string, bool> Concerns { get; init; } = _ => true;

    /// <summary>What an answer means for the record, and what to keep of it.</summary>
    public (RecordVerdict Verdict, RecordReading Reading) Read(RecordAnswer answer, RecordReading before, Instant now)
    {
        if (answer.Texts is not { } texts)
            return (RecordVerdict.Unread(answer.Fault!), before with { Problem = answer.Fault });
        var found = texts.Where(Concerns).ToList();
        var verdict = Judge(found);
        // It may quote what was found.
        verdict = verdict with { Problem = verdict.Problem is { } problem ? Shown(problem) : null };
        return (verdict, new RecordReading([.. found.Take(MostFound).Select(Shown)], verdict.Ok, verdict.Problem, now));
    }

    // Anybody may publish anything: what is shown is bounded and can be stored.
    private static string Shown(string text) =>
        string.Concat(text.Take(MostFoundLength).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c));
}
