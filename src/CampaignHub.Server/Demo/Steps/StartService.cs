using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo.Steps;

/// <summary>The service, PostgreSQL and the inbox come up.</summary>
internal static class StartService
{
    public static async Task<Stage> RunAsync(DemoOptions options, IDemoPrinter printer, CancellationToken ct)
    {
        printer.Step("Starting PostgreSQL, the service and an inbox");
        var stage = await Stage.SetAsync(options, ct);
        printer.Say($"The service listens at {stage.Url}, the inbox at smtp://127.0.0.1:{stage.Inbox.Port}. Business time begins at {Stage.Start} and skips idle hours.");
        return stage;
    }
}
