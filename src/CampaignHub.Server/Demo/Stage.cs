using System.Net;
using System.Net.Sockets;
using CampaignHub.Server.Demo.Inbox;
using CampaignHub.Server.Demo.Outside;
using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using CampaignHub.Server.Platform.Time;

namespace CampaignHub.Server.Demo;

/// <summary>
/// Everything that the demo plays on: PostgreSQL in a new directory, the real service on it with a clock that skips, and
/// what stands outside of it: a name server, an inbox and somebody's endpoint for webhooks. Disposing it ends all in the opposite
/// order and leaves nothing behind.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Noon UTC on the Saturday before Europe's clocks go back: Sunday's ten o'clock is still ahead everywhere.</summary>
    public const string Start = "2026-10-24T12:00:00Z";

    /// <summary>The name under which the service takes mail that comes back.</summary>
    private const string MailHost = "mail.campaignhub.example";

    private readonly Stack<Func<ValueTask>> _endings = new();

    private Stage()
    {
    }

    public Uri Url { get; private set; } = null!;

    public string OperatorKey { get; private set; } = null!;

    public BusinessClock Clock { get; private set; } = null!;

    public SmtpSink Inbox { get; private set; } = null!;

    /// <summary>The name server that the service asks.</summary>
    public DnsResponder Names { get; private set; } = null!;

    /// <summary>Somebody who is told of every event.</summary>
    public WebhookEndpoint Endpoint { get; private set; } = null!;

    /// <summary>Where the service takes mail that comes back.</summary>
    public IPEndPoint ReturnsAt { get; } = new(IPAddress.Loopback, AnyFreePort());

    public static async Task<Stage> SetAsync(DemoOptions options, CancellationToken ct)
    {
        var stage = new Stage();
        try
        {
            var place = stage.MakePlace();
            var postgres = await stage.StartPostgresAsync(place, ct);
            stage.Names = new DnsResponder();
            stage._endings.Push(stage.Names.DisposeAsync);
            await stage.StartServiceAsync(place, postgres, options, ct);
            stage.Inbox = SmtpSink.Start(new SmtpSinkOptions { Clock = stage.Clock });
            stage._endings.Push(stage.Inbox.DisposeAsync);
            stage.Endpoint = await WebhookEndpoint.StartAsync(stage.Clock, ct);
            stage._endings.Push(stage.Endpoint.DisposeAsync);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>The port wanted where it is free, else any free one (0).</summary>
    public static int FreePort(int wanted)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, wanted));
            return wanted;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static int AnyFreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>Ends everything even if one ending fails; the last failure is thrown.</summary>
    public async ValueTask DisposeAsync()
    {
        while (_endings.TryPop(out var end))
        {
            try
            {
                await end();
            }
            catch when (_endings.Count > 0)
            {
                await DisposeAsync();
                throw;
            }
        }
    }

    private DirectoryInfo MakePlace()
    {
        var place = Directory.CreateTempSubdirectory("campaignhub-demo-");
        _endings.Push(() =>
        {
            place.Delete(recursive: true);
            return ValueTask.CompletedTask;
        });
        return place;
    }

    private async Task<EmbeddedPostgres> StartPostgresAsync(DirectoryInfo place, CancellationToken ct)
    {
        var logs = StartupLog.Create();
        var directory = DataDirectory.Open(Path.Combine(place.FullName, "postgres"));
        EmbeddedPostgres? postgres = null;
        _endings.Push(async () =>
        {
            // A start that was interrupted leaves half a cluster, which stands outside of this place when root made it.
            await (postgres?.DeleteAsync() ?? EmbeddedPostgres.RemoveRemainsAsync(directory));
            directory.Dispose();
            logs.Dispose();
        });
        return postgres = await EmbeddedPostgres.StartAsync(directory, logs.CreateLogger("PostgreSQL"), ct);
    }

    private async Task StartServiceAsync(DirectoryInfo place, EmbeddedPostgres postgres, DemoOptions options, CancellationToken ct)
    {
        var service = await RunningService.StartAsync(
        [
            $"--urls=http://127.0.0.1:{(options.Stay ? FreePort(8080) : 0)}",
            $"--ConnectionStrings:CampaignHub={postgres.ConnectionString}",
            $"--CampaignHub:DataDirectory={Path.Combine(place.FullName, "service")}",
            "--CampaignHub:LogLevel=Warning",
            $"--CampaignHub:Clock:Start={Start}",
            "--CampaignHub:Clock:Skip=true",
            "--CampaignHub:Outbound:AllowedNetworks:0=127.0.0.0/8",
            "--CampaignHub:TrustedProxies:0=127.0.0.1",
            $"--CampaignHub:Dns:Servers:0={Names.Address}",
            $"--CampaignHub:BounceHost={MailHost}",
            $"--CampaignHub:Inbound:Listen={ReturnsAt}",
            .. options.ServiceSettings,
        ], ct);
        _endings.Push(service.DisposeAsync);
        (Url, OperatorKey) = (service.Url, service.OperatorKey.Key);
        Clock = service.Services.GetRequiredService<BusinessClock>();
    }
}
