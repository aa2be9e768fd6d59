using System.Net;

namespace CampaignHub.Server.Tests.Operations;

/// <summary>A key ring that is lost between two starts, whole or in part: nothing starts, and one sentence says what to do.</summary>
public sealed class LostRingTests
{
    [Fact]
    public async Task Without_its_key_ring_a_service_refuses_to_start_in_one_sentence_and_goes_on_when_it_is_back()
    {
        await using var child = await ChildService.StartAsync();
        await using var scenario = await Scenario.StartAsync(child, 1);
        await scenario.Http.PatchAsync($"/v1/relays/{scenario.RelayId}", new { username = "shop", password = "secret", enabled = false }, HttpStatusCode.OK);
        var campaign = await scenario.DraftAsync(new { strategy = "instant", at = "2099-01-01T10:00:00Z" });
        var place = Path.Combine(child.DataDirectory, "keyring");
        var ring = await File.ReadAllTextAsync(place);
        File.Delete(place);

        // While it runs, the doctor tells of it before the next start does.
        var doctor = await DoctorAsync(child);
        doctor.Status.ShouldBe(1);
        doctor.Output.ShouldContain($"The key ring {place} is not there, and this database belongs to one");
        doctor.Output.ShouldContain("put it back from a backup");
        await child.TerminateAsync();

        var refused = await UpAsync(child);
        (refused.Status, refused.Errors.TrimEnd().Split('\n').Length).ShouldBe((1, 1), refused.Errors);
        refused.Errors.ShouldStartWith($"The key ring {place} is not there, and this database belongs to one");
        refused.Errors.TrimEnd().ShouldEndWith("or name its file in CampaignHub__KeyRing.");
        File.Exists(place).ShouldBeFalse("none is made in its place");
        (await DoctorAsync(child)).Output.ShouldContain("put it back from a backup");

        await File.WriteAllTextAsync(place, "1:not base64\n");
        (await UpAsync(child)).Errors.ShouldContain("is no key ring");
        await File.WriteAllTextAsync(place, $"1:{Convert.ToBase64String(new byte[32])}\n");
        (await UpAsync(child)).Errors.ShouldStartWith("This database belongs to the key ring");

        await File.WriteAllTextAsync(place, ring);
        await child.StartAgainAsync();
        (await scenario.Http.GetJsonAsync($"/v1/campaigns/{campaign}"))["status"]!.GetValue<string>().ShouldBe("draft");
    }

    [Fact]
    public async Task A_ring_that_has_lost_the_line_that_was_put_on_top_is_refused_and_the_line_is_named()
    {
        await using var child = await ChildService.StartAsync();
        var place = Path.Combine(child.DataDirectory, "keyring");
        var before = await File.ReadAllTextAsync(place);
        var rotated = $"spring:{Convert.ToBase64String(Enumerable.Repeat((byte)7, 32).ToArray())}\n{before}";
        await child.TerminateAsync();
        await File.WriteAllTextAsync(place, rotated);
        await child.StartAgainAsync();
        var http = (await child.NewTenantAsync()).Http;
        await http.PostAsync("/v1/relays", new { name = "r", host = "127.0.0.1", username = "shop", password = "secret" }, HttpStatusCode.Created);
        await child.TerminateAsync();

        await File.WriteAllTextAsync(place, before);
        var refused = await UpAsync(child);
        (refused.Status, refused.Errors.TrimEnd().Split('\n').Length).ShouldBe((1, 1), refused.Errors);
        refused.Errors.ShouldStartWith($"The key ring {place} lacks the key 'spring' (fingerprint ");
        refused.Errors.ShouldContain("put its line back");
        (await DoctorAsync(child)).Output.ShouldContain("lacks the key 'spring'");

        await File.WriteAllTextAsync(place, rotated);
        await child.StartAgainAsync();
        (await DoctorAsync(child)).Output.ShouldEndWith("All well.\n");
    }

    [Fact]
    public async Task A_directory_on_which_no_service_has_run_never_had_a_ring_to_lose()
    {
        await using var child = await ChildService.StartAsync();
        var elsewhere = new Dictionary<string, string>(SettingsOf(child)) { ["CampaignHub__DataDirectory"] = Path.Combine(child.DataDirectory, "elsewhere") };
        (await VerbRun.MakeAsync(elsewhere, "migrate")).Status.ShouldBe(0);
        Directory.Exists(elsewhere["CampaignHub__DataDirectory"]).ShouldBeTrue();

        (await VerbRun.MakeAsync(elsewhere, "doctor")).Output.ShouldEndWith("All well.\n");
    }

    private static Task<VerbRun> UpAsync(ChildService child) => VerbRun.MakeAsync(SettingsOf(child), "up");

    private static Task<VerbRun> DoctorAsync(ChildService child) => VerbRun.MakeAsync(SettingsOf(child), "doctor");

    private static Dictionary<string, string> SettingsOf(ChildService child) => new()
    {
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["CampaignHub__DataDirectory"] = child.DataDirectory,
        ["CampaignHub__LogLevel"] = "Warning",
        ["ConnectionStrings__CampaignHub"] = child.ConnectionString,
    };
}
