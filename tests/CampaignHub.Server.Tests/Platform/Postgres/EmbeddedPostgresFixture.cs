using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CampaignHub.Server.Tests.Platform.Postgres;

/// <summary>One server for a test class, gone with it.</summary>
public sealed class EmbeddedPostgresFixture : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _place = new();
    private DataDirectory? _directory;
    private EmbeddedPostgres? _server;

    public EmbeddedPostgres Server => _server ?? throw new InvalidOperationException("Not started.");

    public async Task InitializeAsync()
    {
        _directory = DataDirectory.Open(_place.FullPath);
        _server = await EmbeddedPostgres.StartAsync(_directory, NullLogger.Instance, CancellationToken.None);
    }

    public Task DisposeAsync() => _server?.DeleteAsync() ?? Task.CompletedTask;

    public void Dispose()
    {
        _directory?.Dispose();
        _place.Dispose();
    }
}
