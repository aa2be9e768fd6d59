using CampaignHub.Server.Platform;
using CampaignHub.Server.Platform.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CampaignHub.Server.Tests.Platform.Postgres;

public sealed class PostgresServerTests(EmbeddedPostgresFixture postgres) : IClassFixture<EmbeddedPostgresFixture>, IDisposable
{
    private readonly TemporaryDirectory _place = new();

    [Fact]
    public async Task A_given_server_with_all_rights_is_used_and_left_running()
    {
        var given = await postgres.Server.CreateDatabaseAsync("given");

        var server = await OpenAsync(given);
        server.IsBuiltIn.ShouldBeFalse();
        server.Version.ShouldBeGreaterThanOrEqualTo(150_000);
        server.ConnectionString.ShouldBe(given);
        await server.DisposeAsync();

        (await Sql.RunAsync(given, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Without_one_the_built_in_server_is_started()
    {
        using var directory = DataDirectory.Open(_place.FullPath);
        await using var server = await PostgresServer.OpenAsync(Settings.Of(), directory, NullLogger.Instance, default);

        server.IsBuiltIn.ShouldBeTrue();
        (await Sql.RunAsync(server.ConnectionString, "SELECT current_database()::text")).ShouldBe("campaignhub");
        await server.DisposeAsync();
        new Cluster(directory, await ServerAccount.ChooseAsync(default)).Delete();
    }

    [Fact]
    public async Task A_login_without_CREATE_on_the_database_is_refused()
    {
        var login = await LoginAsync("no_create", "", "GRANT campaignhub_service, campaignhub_lookup TO no_create");

        (await RefusalAsync(login)).ShouldBe("""The database user no_create may not create schemas in rights_no_create: run GRANT CREATE ON DATABASE "rights_no_create" TO "no_create" as its owner.""");
    }

    [Fact]
    public async Task A_login_that_is_no_member_of_the_roles_is_refused()
    {
        var login = await LoginAsync("no_member", "", "GRANT CREATE ON DATABASE rights_no_member TO no_member");

        (await RefusalAsync(login)).ShouldContain("is no member of");
    }

    [Fact]
    public async Task A_member_of_existing_roles_needs_no_CREATEROLE()
    {
        var login = await LoginAsync("member", "", "GRANT CREATE ON DATABASE rights_member TO member; GRANT campaignhub_service, campaignhub_lookup TO member");

        (await OpenAsync(login)).ConnectionString.ShouldBe(login);
    }

    [Fact]
    public async Task A_login_that_cannot_create_missing_roles_is_refused()
    {
        await using var bare = new BareServer();
        var server = await bare.StartAsync();
        await Sql.RunAsync(server.ConnectionString, "CREATE ROLE plain LOGIN; GRANT CREATE ON DATABASE campaignhub TO plain");

        var refusal = await RefusalAsync(With(server.ConnectionString, "plain"));

        refusal.ShouldContain("may not create the roles campaignhub_service and campaignhub_lookup: run ALTER ROLE \"plain\" CREATEROLE");
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Database=shop;Username=me;Password=secret", "Cannot use the database shop on 127.0.0.1:1 as me (Connection refused)")]
    [InlineData("Host=nowhere.invalid;Database=shop;Username=me", "Cannot use the database shop on nowhere.invalid:5432 as me (")]
    [InlineData("postgres://me:secret@db.example/shop", "ConnectionStrings__CampaignHub is not a connection string")]
    [InlineData("Host=x;Port=secret", "ConnectionStrings__CampaignHub is not a connection string")]
    public async Task A_server_that_cannot_be_reached_is_told_in_one_sentence(string given, string sentence)
    {
        var refusal = await RefusalAsync(given);

        refusal.ShouldStartWith(sentence);
        refusal.ShouldNotContain("secret");
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_in_one_sentence() =>
        (await RefusalAsync(postgres.Server.ConnectionStringFor("absent"))).ShouldContain("database \"absent\" does not exist");

    public void Dispose() => _place.Dispose();

    private async Task<string> LoginAsync(string name, string attributes, string grants)
    {
        var database = await postgres.Server.CreateDatabaseAsync("rights_" + name);
        await Sql.RunAsync(database, $"""
            SELECT pg_advisory_lock(1);
            DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'campaignhub_service') THEN
                    CREATE ROLE campaignhub_service; CREATE ROLE campaignhub_lookup;
                END IF;
            END $$;
            CREATE ROLE {name} LOGIN {attributes}; {grants}
            """);
        return With(database, name);
    }

    private static string With(string connectionString, string user) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = user, Pooling = false }.ConnectionString;

    private async Task<string> RefusalAsync(string given) => (await Should.ThrowAsync<StartupException>(() => OpenAsync(given))).Message;

    private async Task<PostgresServer> OpenAsync(string given)
    {
        using var directory = DataDirectory.Open(_place.FullPath);
        return await PostgresServer.OpenAsync(Settings.Of(("ConnectionStrings:CampaignHub", given)), directory, NullLogger.Instance, default);
    }

    /// <summary>A server without the service's roles, whatever the other tests have made.</summary>
    private sealed class BareServer : IAsyncDisposable
    {
        private readonly EmbeddedPostgresFixture _fixture = new();

        public async Task<EmbeddedPostgres> StartAsync()
        {
            await _fixture.InitializeAsync();
            return _fixture.Server;
        }

        public async ValueTask DisposeAsync()
        {
            await _fixture.DisposeAsync();
            _fixture.Dispose();
        }
    }
}
