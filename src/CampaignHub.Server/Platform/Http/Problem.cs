using System.Text.Json.Serialization;

namespace CampaignHub.Server.Platform.Http;

/// <summary>What is wrong with one field of a request.</summary>
/// <param name="Code">A stable word, such as <c>required</c>, <c>invalid</c>, <c>too_long</c> or <c>not_supported</c>.</param>
/// <param name="Message">A sentence for people.</param>
public sealed record FieldProblem(string Code, string Message);

/// <summary>An error that a caller can cause, as RFC 9457 problem details. The kinds are listed in docs/problems.md.</summary>
public sealed record Problem
{
    /// <summary>A stable URI that names the kind of problem: <c>urn:campaignhub:problem:…</c>, see docs/problems.md.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem in a few words; the same for every occurrence.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time, and what to do about it.</summary>
    public string? Detail { get; init; }

    /// <summary>Each bad field by its path, such as <c>schedule.date</c> or <c>lists[0]</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, FieldProblem>? Errors { get; init; }

    /// <summary>Seconds after which the call may be tried again; sent as <c>Retry-After</c>.</summary>
    [JsonIgnore]
    public int? RetryAfterSeconds { get; init; }
}

/// <summary>Carries a problem out of code that can't return one: the binder and the middleware.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Title)
{
    public Problem Problem { get; } = problem;
}
