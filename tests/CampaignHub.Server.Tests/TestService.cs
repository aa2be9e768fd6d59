using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace CampaignHub.Server.Tests;

/// <summary>
/// The real service on a free port, with a database of its own in the one PostgreSQL that a test run starts.
/// Everything that a test does goes through HTTP.
/// </summary>
public sealed class TestService : IAsyncDisposable
{
    private readonly RunningService _service;
    private readonly DirectoryInfo _directory;
    private readonly string _connectionString;

    private TestService(RunningService service, DirectoryInfo directory, string connectionString, TestTenant tenant)
    {
        (_service, _directory, _connectionString) = (service, directory, connectionString);
        Tenant = tenant;
    }

    /// <summary>A tenant that the test may use; more by <see cref="NewTenantAsync"/>.</summary>
    public TestTenant Tenant { get; }

    /// <summary>Calls as the tenant's first key.</summary>
    public HttpClient Http => Tenant.Http;

    public IServiceProvider Services => _service.Services;

    public Uri Url => _service.Url;

    public T Get<T>() where T : notnull => _service.Services.GetRequiredService<T>();

    /// <summary>Calls as the operator.</summary>
    public HttpClient Operator => Client(_service.Url, _service.OperatorKey.Key);

    /// <summary>Calls without any key.</summary>
    public HttpClient Anonymous => Client(_service.Url, null);

    public static Task<TestService> StartAsync(params string[] settings) => StartAsync(null, settings);

    /// <param name="replace">Puts stand-ins for what is outside of this machine in its place.</param>
    /// <param name="settings">The service's settings.</param>
    public static async Task<TestService> StartAsync(Action<IServiceCollection>? replace, params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("campaignhub-test-");
        try
        {
            var connectionString = await TestCluster.NewPreparedDatabaseAsync();
            var service = await RunningService.StartAsync(
            [
                "--urls=http://127.0.0.1:0",
                $"--CampaignHub:DataDirectory={directory.FullName}",
                $"--ConnectionStrings:CampaignHub={connectionString}",
                "--CampaignHub:LogLevel=Warning",
                .. settings,
            ], CancellationToken.None, replace);
            return new TestService(service, directory, connectionString, await NewTenantAsync(service));
        }
        catch
        {
            // A test of a start that is refused. There is nothing to dispose of yet but this.
            directory.Delete(recursive: true);
            throw;
        }
    }

    public string DataDirectory => _directory.FullName;

    /// <summary>Its database, as the login that owns it.</summary>
    public string ConnectionString => _connectionString;

    /// <summary>Runs a statement as the login that owns the database, past row-level security.</summary>
    public async Task SqlAsync(string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Runs a migration on what is there as if it came to it only now.</summary>
    public Task MigrateAgainAsync(string file) => SqlAsync(
        Sources.All.Single(source => source.Path.EndsWith(file, StringComparison.Ordinal)).Text.Replace("SET LOCAL", "SET", StringComparison.Ordinal));

    public Task<bool> HasTableAsync(string name) => HasRowAsync($"SELECT FROM pg_class WHERE oid = to_regclass('{name}')");

    /// <summary>Whether a query, asked as that login, answers any row.</summary>
    public async Task<bool> HasRowAsync(string query)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_connectionString);
        await using var command = source.CreateCommand($"SELECT EXISTS ({query})");
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Waits until somebody waits for another's lock in a statement that holds this text.</summary>
    public Task WaitedForInAsync(string statement, string what) => Eventually.Async(() => HasRowAsync(
        $"SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%{statement}%' AND cardinality(pg_blocking_pids(pid)) > 0"), what);

    public Task<TestTenant> NewTenantAsync() => NewTenantAsync(_service);

    /// <summary>A client that speaks with this key, or with none.</summary>
    public HttpClient WithKey(string? key) => Client(_service.Url, key);

    private static async Task<TestTenant> NewTenantAsync(RunningService service)
    {
        using var client = Client(service.Url, service.OperatorKey.Key);
        var answer = await client.PostAsJsonAsync("/v1/tenants", new { name = "Shop" });
        answer.EnsureSuccessStatusCode();
        var tenant = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
        var key = tenant["api_key"]!.GetValue<string>();
        return new TestTenant(tenant["id"]!.GetValue<Guid>(), key, Client(service.Url, key));
    }

    private static HttpClient Client(Uri url, string? key)
    {
#pragma warning disable RS0030 // Tests call the service on this machine; nothing needs guarding.
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = url };
#pragma warning restore RS0030
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}

/// <summary>A tenant of a test, with its first key.</summary>
public sealed record TestTenant(Guid Id, string Key, HttpClient Http);

/// <summary>One service for all tests of a class.</summary>
public sealed class TestServiceFixture : IAsyncLifetime
{
    public TestService Service { get; private set; } = null!;

    public async Task InitializeAsync() => Service = await TestService.StartAsync();

    public Task DisposeAsync() => Service.DisposeAsync().AsTask();
}
