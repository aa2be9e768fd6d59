using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Relays;
using NodaTime;

namespace CampaignHub.Server.Tests.Relays;

/// <summary>A relay of a tenant of its own, for what is written about it: each write in a transaction, as nodes do.</summary>
internal sealed record StoredRelay(TestService Service, TestTenant Tenant, Guid Id)
{
    public string Path => $"/v1/relays/{Id}";

    public static async Task<StoredRelay> MakeAsync(TestService service, object? with = null)
    {
        var tenant = await service.NewTenantAsync();
        var made = await tenant.Http.PostAsync("/v1/relays", with ?? new { name = "r", host = "127.0.0.1" }, HttpStatusCode.Created);
        return new StoredRelay(service, tenant, made["id"]!.GetValue<Guid>());
    }

    public Task<TenantTransaction> BeginAsync() => Service.Get<Database>().BeginAsync(Tenant.Id, CancellationToken.None);

    public async Task<T> InAsync<T>(Func<TenantTransaction, Task<T>> work)
    {
        await using var transaction = await BeginAsync();
        var result = await work(transaction);
        await transaction.CommitAsync();
        return result;
    }

    public Task DoAsync(Func<TenantTransaction, Task> work) => InAsync(async transaction =>
    {
        await work(transaction);
        return true;
    });

    public Task<JsonObject> ShownAsync() => Tenant.Http.GetJsonAsync(Path);

    public async Task<Relay> ReadAsync() => (await InAsync(transaction => RelayStore.FindAsync(transaction, Id)))!;

    public async Task<bool> IsUsableAsync() =>
        (await InAsync(transaction => RelayStore.ListUsableAsync(transaction, Service.Get<KeyRing>(), Service.Get<IClock>().GetCurrentInstant()))).Any(relay => relay.RelayId == Id);

    /// <summary>Lets what was written look as if it had been so long ago: tests don't wait for real time.</summary>
    public Task AgeAsync(string interval) => Service.SqlAsync($"""
        UPDATE campaignhub.relay_standing SET breaker_until = breaker_until - interval '{interval}',
            slowed_until = slowed_until - interval '{interval}', quota_until = quota_until - interval '{interval}' WHERE relay_id = '{Id}';
        UPDATE campaignhub.relay_nodes SET joined_at = joined_at - interval '{interval}', seen_at = seen_at - interval '{interval}' WHERE relay_id = '{Id}';
        """);
}
