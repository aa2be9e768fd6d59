using CampaignHub.Core.Inbound;

namespace CampaignHub.Core.Tests.Inbound;

public sealed class BounceDocsTests
{
    [Fact]
    public void The_documentation_has_the_rules_in_their_order()
    {
        var listed = File.ReadLines(Path.Combine(Root(), "docs/connect/bounces.md"))
            .SkipWhile(line => !line.StartsWith("| row |", StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
        listed.ShouldBe(InboundReader.ReportRules);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CampaignHub.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
