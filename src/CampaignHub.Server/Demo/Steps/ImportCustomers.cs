using System.Net.Http.Headers;
using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>The shop's customers come in as the shop exported them.</summary>
internal static class ImportCustomers
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public static async Task<Import> RunAsync(Play play)
    {
        play.Printer.Step("Importing the shop's customers");
        using var file = new StreamContent(Shipped.Customers()) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        var begun = await play.Hub.PostFileAsync<Import>($"/v1/imports?list_id={play.ListId}", file, play.Interrupted);
        Import? done = null;
        await play.Printer.ShowProgressAsync("rows", 1, async progress => done = await WaitAsync(play, begun.Id, progress));
        if (done is not { Status: "finished" })
            throw new DemoFailure($"The import failed: {done?.Failure?.Message}");
        play.Printer.Say($"{Words.Number(done.Rows)} rows: {Words.Number(done.Created)} people, {done.Duplicates} repeated, {done.Invalid} refused; "
            + $"consent granted {Words.Number(done.Consent.Granted)}, unknown {Words.Number(done.Consent.Unknown)}.");
        return done;
    }

    private static Task<Import> WaitAsync(Play play, Guid id, IProgress<Stride> progress) => Waiting.UntilAsync(
        async () =>
        {
            var import = await play.Hub.GetAsync<Import>($"/v1/imports/{id}", play.Interrupted);
            var isOver = import.Status is "finished" or "failed";
            progress.Report(new Stride(isOver ? 1 : 0, $"{import.Status}: {Words.Number(import.People + import.Duplicates + import.Invalid)} rows"));
            return import;
        },
        import => import.Status is "finished" or "failed", "the import is over", s_patience, play.Interrupted);
}
