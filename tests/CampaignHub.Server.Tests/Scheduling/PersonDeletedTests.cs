using System.Net;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;

namespace CampaignHub.Server.Tests.Scheduling;

/// <summary>A plan and a deletion that cross each other leave no address behind, whoever is first.</summary>
public sealed class PersonDeletedTests : IAsyncLifetime
{
    private TestService _service = null!;
    private Scenario _scenario = null!;
    private Guid _gone;
    private Guid _campaign;

    public async Task InitializeAsync()
    {
        _service = await TestService.StartAsync();
        _scenario = await Scenario.StartAsync(_service);
        await _scenario.AddAsync("stays@shop.example");
        _gone = await _scenario.AddAsync("goes@shop.example");
        _campaign = await _scenario.DraftAsync(new { strategy = "local_time", date = "2035-06-01", time = "10:00" });
    }

    [Fact]
    public async Task Deleted_while_the_ledger_is_written_a_person_gets_nothing_and_their_address_goes()
    {
        await using (var standstill = await Standstill.AfterAsync(_service.ConnectionString, "INSERT ON campaignhub.deliveries"))
        {
            await RequestPlanAsync();
            await standstill.ReachedAsync("the plan has written the ledger");
            await DeleteAsync();
        }

        await CheckAsync();
    }

    [Fact]
    public async Task A_plan_that_ends_while_a_person_is_being_deleted_waits_for_it()
    {
        Task<JsonObject> deletion;
        await using (var standstill = await Standstill.AfterAsync(_service.ConnectionString, "DELETE ON campaignhub.recipients"))
        {
            deletion = DeleteAsync();
            await standstill.ReachedAsync("the person is deleted");
            await RequestPlanAsync();
            await Eventually.Async(() => _service.HasRowAsync("SELECT FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND NOT granted"), "the plan waits for the deletion");
        }
        await deletion;

        await CheckAsync();
    }

    private Task<JsonObject> RequestPlanAsync() => _scenario.Http.PostAsync($"/v1/campaigns/{_campaign}/plan", null).ExpectAsync(HttpStatusCode.Accepted);

    private Task<JsonObject> DeleteAsync() => _scenario.Http.DeleteAsync($"/v1/recipients/{_gone}").ExpectAsync(HttpStatusCode.NoContent);

    private async Task CheckAsync()
    {
        await Eventually.Async(() => _scenario.Http.GetJsonAsync($"/v1/campaigns/{_campaign}/plan"), p => p["status"]!.GetValue<string>() == "ready", "the plan is computed");
        await using var transaction = await _service.Get<Database>().BeginAsync(_scenario.Tenant.Id, default);
        var rows = await transaction.QueryAsync<(string State, string? Email)>(
            "SELECT state, email FROM deliveries WHERE tenant_id = @TenantId ORDER BY state", new { transaction.TenantId });
        rows.ShouldBe([("cancelled", null), ("scheduled", "stays@shop.example")]);
    }

    public async Task DisposeAsync()
    {
        await _scenario.DisposeAsync();
        await _service.DisposeAsync();
    }
}
