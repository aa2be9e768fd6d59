using System.Collections.Concurrent;
using System.Net;
using CampaignHub.Core.Scheduling;
using CampaignHub.Core.Sending;
using CampaignHub.Server.Deliveries;
using CampaignHub.Server.Platform.Database;
using NodaTime;

namespace CampaignHub.Server.Tests.Deliveries;

/// <summary>Claims of workers that the test plays itself: the campaign has no relay that the service's own could use.</summary>
public sealed class ClaimTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private static readonly Instant s_now = Instant.FromUtc(2099, 1, 2, 0, 0);

    private readonly TestService _service = fixture.Service;

    [Fact]
    public async Task Claims_side_by_side_find_every_delivery_once_whatever_comes_back()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(400);
        await _service.SqlAsync($"UPDATE campaignhub.recipients SET time_zone = (ARRAY['Asia/Tokyo', 'Europe/Berlin', 'Europe/Paris', 'America/Lima'])[1 + hashtext(email) & 3], time_zone_source = 'given' WHERE tenant_id = '{scenario.Tenant.Id}'");
        var campaign = await OpenedAsync(scenario);
        var kept = new ConcurrentBag<Guid>();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => WorkAsync(scenario, campaign, new Random(worker), kept)));

        kept.Distinct().Count().ShouldBe(kept.Count);
        kept.Count.ShouldBe(400);
    }

    [Fact]
    public async Task What_a_lease_bears_shows_as_leased_and_comes_back_when_the_lease_has_run_out()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(5);
        var campaign = await OpenedAsync(scenario);
        var lease = NewLease();

        var claimed = await ClaimAsync(scenario, campaign, lease, 3);

        await CountsShouldBeAsync(scenario, campaign, leased: 3, scheduled: 2);
        var shown = await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}/deliveries?state=leased");
        shown["data"]!.AsArray().Select(d => d!["id"]!.GetValue<Guid>()).ShouldBe(claimed, ignoreOrder: true);
        (await scenario.Http.GetJsonAsync($"/v1/deliveries/{claimed[0]}"))["state"]!.GetValue<string>().ShouldBe("leased");

        await RunOutAsync(scenario);

        await CountsShouldBeAsync(scenario, campaign, leased: 0, scheduled: 5);
        (await ClaimAsync(scenario, campaign, NewLease(), 3)).ShouldBe(claimed, ignoreOrder: true);
    }

    [Fact]
    public async Task A_worker_whose_lease_was_sorted_out_neither_marks_nor_settles()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddAsync("ann@shop.example");
        var campaign = await OpenedAsync(scenario);
        var (late, current) = (NewLease(), NewLease());
        var delivery = (await ClaimAsync(scenario, campaign, late, 1)).Single();
        await RunOutAsync(scenario);

        (await MarkAsync(scenario, delivery, late)).ShouldBe(MarkVerdict.LeaseLost); // it has come back
        (await ClaimAsync(scenario, campaign, current, 1)).ShouldBe([delivery]);
        (await MarkAsync(scenario, delivery, late)).ShouldBe(MarkVerdict.LeaseLost); // somebody else has it
        (await SettleAsync(scenario, delivery, late, DeliveryTransition.Reject)).ShouldBeFalse();
        (await MarkAsync(scenario, delivery, current)).ShouldBe(MarkVerdict.Clear);
        (await SettleAsync(scenario, delivery, late, DeliveryTransition.Accept)).ShouldBeFalse();
        (await SettleAsync(scenario, delivery, current, DeliveryTransition.Accept)).ShouldBeTrue();
        (await SettleAsync(scenario, delivery, current, DeliveryTransition.Accept)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_acceptance_that_comes_late_counts_until_the_resend_is_claimed()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(2);
        var campaign = await OpenedAsync(scenario);
        var late = NewLease();
        var claimed = await ClaimAsync(scenario, campaign, late, 2);
        foreach (var delivery in claimed)
            (await MarkAsync(scenario, delivery, late)).ShouldBe(MarkVerdict.Clear);
        await RunOutAsync(scenario);
        await DecideAsync(scenario);
        await CountsShouldBeAsync(scenario, campaign, leased: 0, scheduled: 2);

        (await SettleAsync(scenario, claimed[0], late, DeliveryTransition.Reject)).ShouldBeFalse();
        (await SettleAsync(scenario, claimed[0], late, DeliveryTransition.Accept)).ShouldBeTrue();
        (await ClaimAsync(scenario, campaign, NewLease(), 2)).ShouldBe([claimed[1]]);
        (await SettleAsync(scenario, claimed[1], late, DeliveryTransition.Accept)).ShouldBeFalse();
    }

    [Fact]
    public async Task Two_campaigns_that_mark_for_one_person_at_once_stay_within_the_cap_together()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        var person = await scenario.AddAsync("ann@shop.example");
        var (one, other) = (await LaunchedAsync(scenario), await LaunchedAsync(scenario));
        await OpenAsync(scenario, one, other);
        var (oneLease, otherLease) = (NewLease(), NewLease());
        var first = Marking((await ClaimAsync(scenario, one, oneLease, 1)).Single(), oneLease);
        var second = Marking((await ClaimAsync(scenario, other, otherLease, 1)).Single(), otherLease);

        await using var marking = await _service.Get<Database>().BeginAsync(scenario.Tenant.Id, default);
        (await first(marking)).ShouldBe(MarkVerdict.Clear);
        var beside = InTransactionAsync(scenario, second);
        await Task.WhenAny(beside, Task.Delay(300)); // its chance to look before the first is committed
        await marking.CommitAsync();

        (await beside).ShouldBe(MarkVerdict.FrequencyCap);

        Func<TenantTransaction, Task<string>> Marking(Guid delivery, Lease lease) =>
            transaction => MarkAsync(transaction, new SendingMark(delivery, lease.Token, scenario.RelayId, s_now, "<1@shop.example>", [1])
            {
                RecipientId = person,
                Cap = new FrequencyCap(1, Duration.FromHours(16), WhenCapped.Skip),
            });
    }

    [Fact]
    public async Task A_delivery_that_no_place_knows_comes_back_once_nothing_else_is_left()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(2);
        var campaign = await OpenedAsync(scenario);
        var lease = NewLease();
        var claimed = await ClaimAsync(scenario, campaign, lease, 5);
        await _service.SqlAsync($"UPDATE campaignhub.waves SET status = 'done' WHERE campaign_id = '{campaign}'");

        (await InTransactionAsync(scenario, t => LeaseStore.RecoverStraysAsync(t, campaign, s_now))).ShouldBe(0); // the lease knows them
        await InTransactionAsync(scenario, async t =>
        {
            await LeaseStore.EndAsync(t, lease);
            return 0;
        });
        (await InTransactionAsync(scenario, t => LeaseStore.RecoverStraysAsync(t, campaign, s_now))).ShouldBe(2);
        (await ClaimAsync(scenario, campaign, NewLease(), 5)).ShouldBe(claimed, ignoreOrder: true);
    }

    [Fact]
    public async Task A_node_that_starts_again_takes_what_it_held_itself_and_nothing_from_others_however_late_they_are()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(2);
        var campaign = await OpenedAsync(scenario);
        var (mine, others) = (NewLease(), NewLease() with { Seconds = -1 });

        // In one transaction: the service's own sweeper, which may take them after a while, sees none of it.
        await InTransactionAsync(scenario, async transaction =>
        {
            var held = (await LeaseStore.ClaimAsync(transaction, campaign, mine, 1, [], s_now)).Single().DeliveryId;
            var left = (await LeaseStore.ClaimAsync(transaction, campaign, others, 1, [], s_now)).Single().DeliveryId;
            await LeaseStore.SortOutAsync(transaction, mine.NodeId, s_now);

            (await MarkAsync(transaction, Marking(held, mine))).ShouldBe(MarkVerdict.LeaseLost);
            (await MarkAsync(transaction, Marking(left, others))).ShouldBe(MarkVerdict.Clear);
            return 0;
        });

        SendingMark Marking(Guid delivery, Lease lease) => new(delivery, lease.Token, scenario.RelayId, s_now, "<1@shop.example>", [1]);
    }

    [Fact]
    public async Task What_becomes_uncertain_while_others_are_decided_on_is_sent_once_more_too()
    {
        await using var scenario = await Scenario.StartAsync(_service);
        await scenario.AddManyAsync(2);
        var campaign = await OpenedAsync(scenario);
        var lease = NewLease();
        var claimed = await ClaimAsync(scenario, campaign, lease, 2);
        foreach (var delivery in claimed)
            await MarkAsync(scenario, delivery, lease);
        await SettleAsync(scenario, claimed[0], lease, DeliveryTransition.Lose);

        Task<int> deciding;
        await using (var beside = await _service.Get<Database>().BeginAsync(scenario.Tenant.Id, default))
        {
            await beside.ExecuteAsync("SELECT FROM deliveries WHERE tenant_id = @TenantId AND delivery_id = @id FOR UPDATE", new { beside.TenantId, id = claimed[0] });
            deciding = DecideAsync(scenario);
            await Task.WhenAny(deciding, Task.Delay(300)); // it looks, and waits for the first
            await SettleAsync(scenario, claimed[1], lease, DeliveryTransition.Lose);
        }
        await deciding;
        await Eventually.Async(() => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["deliveries"]!["uncertain"] is null, "both are decided on");

        await CountsShouldBeAsync(scenario, campaign, leased: 0, scheduled: 2);
    }

    /// <summary>Claims until nothing is due, gives some back, lets some leases run out, and ends the others as accepted.</summary>
    private async Task WorkAsync(Scenario scenario, Guid campaign, Random random, ConcurrentBag<Guid> kept)
    {
        for (var idle = 0; idle < 20;)
        {
            var lease = NewLease();
            var claimed = await ClaimAsync(scenario, campaign, lease, 30);
            idle = claimed.Count == 0 ? idle + 1 : 0;
            if (claimed.Count == 0)
                await Task.Delay(10);
            else if (random.Next(5) == 0)
                await RunOutAsync(scenario, lease);
            else
                await EndAsync(scenario, lease, claimed, [.. claimed.Where(_ => random.Next(3) == 0)], kept);
        }
    }

    private Task<int> EndAsync(Scenario scenario, Lease lease, IReadOnlyList<Guid> claimed, IReadOnlyCollection<Guid> back, ConcurrentBag<Guid> kept) =>
        InTransactionAsync(scenario, async transaction =>
        {
            await LeaseStore.ReleaseAsync(transaction, lease, [.. back.Select(id => (id, s_now))]);
            foreach (var delivery in claimed.Except(back))
            {
                kept.Add(delivery);
                await transaction.ExecuteAsync(
                    "UPDATE deliveries SET state = 'accepted' WHERE tenant_id = @TenantId AND delivery_id = @delivery", new { transaction.TenantId, delivery });
            }
            await LeaseStore.EndAsync(transaction, lease);
            return 0;
        });

    /// <summary>A campaign whose wave is open and whose relay is not.</summary>
    private async Task<Guid> OpenedAsync(Scenario scenario)
    {
        var campaign = await LaunchedAsync(scenario);
        await OpenAsync(scenario, campaign);
        return campaign;
    }

    private static async Task<Guid> LaunchedAsync(Scenario scenario)
    {
        var campaign = await scenario.DraftAsync(new { strategy = "local_time", date = "2099-01-01", time = "10:00" });
        await scenario.LaunchAsync(campaign);
        await Eventually.Async(() => scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"), c => c["status"]!.GetValue<string>() == "scheduled", "it is launched");
        return campaign;
    }

    private async Task OpenAsync(Scenario scenario, params Guid[] campaigns)
    {
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { enabled = false }, HttpStatusCode.OK);
        foreach (var campaign in campaigns)
            await _service.SqlAsync($"""
                UPDATE campaignhub.waves SET status = 'running' WHERE campaign_id = '{campaign}';
                UPDATE campaignhub.campaigns SET status = 'sending' WHERE campaign_id = '{campaign}';
                """);
    }

    private static Lease NewLease() => new(Guid.CreateVersion7(), Guid.CreateVersion7(), 600);

    private async Task<IReadOnlyList<Guid>> ClaimAsync(Scenario scenario, Guid campaign, Lease lease, int batch) =>
        await InTransactionAsync(scenario, async transaction =>
            (IReadOnlyList<Guid>)[.. (await LeaseStore.ClaimAsync(transaction, campaign, lease, batch, [], s_now)).Select(d => d.DeliveryId)]);

    private async Task RunOutAsync(Scenario scenario, Lease? lease = null)
    {
        await _service.SqlAsync($"UPDATE campaignhub.leases SET until = '-infinity' WHERE tenant_id = '{scenario.Tenant.Id}' AND ('{lease?.Token}' = '' OR token::text = '{lease?.Token}')");
        await InTransactionAsync(scenario, async transaction =>
        {
            await LeaseStore.SortOutAsync(transaction, null, s_now);
            return 0;
        });
    }

    private Task<string> MarkAsync(Scenario scenario, Guid delivery, Lease lease) => InTransactionAsync(
        scenario, transaction => MarkAsync(transaction, new SendingMark(delivery, lease.Token, scenario.RelayId, s_now, "<1@shop.example>", [1])));

    private static async Task<string> MarkAsync(TenantTransaction transaction, SendingMark mark)
    {
        var batch = transaction.Batch();
        var marks = SettlementStore.Mark(batch, transaction.TenantId, [mark], s_now);
        await batch.RunAsync();
        return marks.Single().Verdict;
    }

    private Task<bool> SettleAsync(Scenario scenario, Guid delivery, Lease lease, DeliveryTransition transition) => InTransactionAsync(scenario, async transaction =>
    {
        var batch = transaction.Batch();
        var settled = SettlementStore.Settle(batch, transaction.TenantId, transition, [new Settlement(delivery, lease.Token, transition, s_now)], [], s_now);
        await batch.RunAsync();
        return settled.Count == 1;
    });

    /// <summary>What becomes of the uncertain is decided.</summary>
    private Task<int> DecideAsync(Scenario scenario) => InTransactionAsync(scenario, async transaction =>
    {
        await LeaseStore.ResolveUncertainAsync(transaction, s_now);
        return 0;
    });

    private static async Task CountsShouldBeAsync(Scenario scenario, Guid campaign, int leased, int scheduled)
    {
        var counts = (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["deliveries"]!.AsObject();
        ((int?)counts["leased"] ?? 0, (int?)counts["scheduled"] ?? 0).ShouldBe((leased, scheduled));
    }

    private async Task<T> InTransactionAsync<T>(Scenario scenario, Func<TenantTransaction, Task<T>> act)
    {
        await using var transaction = await _service.Get<Database>().BeginAsync(scenario.Tenant.Id, default);
        var answer = await act(transaction);
        await transaction.CommitAsync();
        return answer;
    }
}
