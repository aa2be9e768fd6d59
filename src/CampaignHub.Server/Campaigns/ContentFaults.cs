using CampaignHub.Core;
using CampaignHub.Core.Sending.Composing;
using AuthoredContent = CampaignHub.Core.Sending.Composing.CampaignContent;

namespace CampaignHub.Server.Campaigns;

/// <summary>What is wrong with content as it is written, by field; a Liquid fault with its line and column.</summary>
internal static class ContentFaults
{
    /// <summary>Judges what is there: a draft may still lack the rest, for which a blameless word stands in.</summary>
    public static IEnumerable<FieldError> Of(string? subject, string? html, string? text) =>
        PreparedContent.TryPrepare(new AuthoredContent(subject ?? "-", html ?? "-", text), new PreparingOptions(), out _, out var problems)
            ? []
            : problems.Select(problem => new FieldError(problem.Field, problem.Code, Describe(problem)));

    public static string Describe(ContentProblem problem) =>
        problem.Line is null ? problem.Message : $"{problem.Message} (line {problem.Line}, column {problem.Column})";
}
