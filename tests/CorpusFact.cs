namespace CampaignHub.Tests;

/// <summary>A fact about a corpus file; skipped, saying so, where the corpora are absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CorpusFactAttribute : FactAttribute
{
    public CorpusFactAttribute(string relativePath)
    {
        RelativePath = relativePath;
        if (Corpora.Find(relativePath) is null)
            Skip = $"The corpus file {relativePath} is absent (CAMPAIGNHUB_CORPORA names the folder).";
    }

    public string RelativePath { get; }
}
