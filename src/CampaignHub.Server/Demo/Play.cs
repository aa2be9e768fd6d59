using CampaignHub.Server.Demo.Client;
using CampaignHub.Server.Demo.Printing;

namespace CampaignHub.Server.Demo;

/// <summary>What every step of the demo works with, once its shop is open.</summary>
/// <param name="Stage">The service, its clock and the inbox.</param>
/// <param name="Hub">Calls the service with the shop's key.</param>
/// <param name="Key">That key, to be shown.</param>
/// <param name="ListId">The list of the shop's customers.</param>
/// <param name="Printer">Tells what happens.</param>
/// <param name="Interrupted">Ctrl-C.</param>
internal sealed record Play(Stage Stage, HubClient Hub, string Key, Guid ListId, IDemoPrinter Printer, CancellationToken Interrupted) : IDisposable
{
    public void Dispose() => Hub.Dispose();
}
