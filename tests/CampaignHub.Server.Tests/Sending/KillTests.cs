using System.Security.Cryptography;

namespace CampaignHub.Server.Tests.Sending;

/// <summary>What kill -9 costs: nothing is lost, and at most one message per open connection is doubled, byte for byte the same.</summary>
public sealed class KillTests
{
    private const int People = 3_000;
    private const int Connections = 4;

    /// <summary>The service is killed when so many messages have arrived.</summary>
    private static readonly int[] Kills = [People / 6, People / 2, People * 3 / 4];

    [Theory]
    [InlineData("resend", Connections)]
    [InlineData("hold", 0)]
    public async Task Killed_in_mid_wave_nobody_is_lost_and_at_most_one_message_per_connection_is_doubled(string whenUncertain, int mostDoubled)
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, People, Connections);
        var campaign = await scenario.DraftAsync(whenUncertain: whenUncertain);
        await scenario.LaunchAsync(campaign);
        foreach (var until in Kills)
        {
            await scenario.Sink.WaitForAsync(until, CancellationToken.None);
            await child.KillAsync();
            await child.StartAgainAsync();
        }
        var finished = await scenario.FinishedAsync(campaign, seconds: 120);

        var states = finished["deliveries"]!.AsObject().ToDictionary(s => s.Key, s => s.Value!.GetValue<int>());
        states.Values.Sum().ShouldBe(People);
        states.Keys.ShouldBeSubsetOf(["accepted", "held"]);
        var copies = scenario.Sink.Messages.GroupBy(m => m.Recipients.Single()).ToList();
        var held = states.GetValueOrDefault("held");
        copies.Count.ShouldBeInRange(People - held, People); // somebody held may or may not have it
        copies.Sum(c => c.Count() - 1).ShouldBeLessThanOrEqualTo(Kills.Length * mostDoubled);
        copies.ShouldAllBe(c => c.Select(m => Convert.ToHexString(SHA256.HashData(m.ReadSource()))).Distinct().Count() == 1);
    }
}
