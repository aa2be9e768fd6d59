using CampaignHub.Core.Sending;

namespace CampaignHub.Server.Tests.Sending;

public sealed class ReliabilityDocsTests
{
    [Fact]
    public void The_table_of_what_a_relays_answer_means_has_the_rows_of_the_code_in_their_order() =>
        File.ReadLines(Path.Combine(Sources.Root, "docs/reliability.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1])
            .ShouldBe(DeliveryOutcome.Rules);
}
