using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CampaignHub.Server.Platform.Database;
using Dapper;
using Npgsql;

namespace CampaignHub.Server.Tests.Audience.Imports;

/// <summary>What tests of imports do again and again.</summary>
internal static class ImportCalls
{
    public static async Task<Guid> NewListAsync(this TestService service, TestTenant tenant)
    {
        var id = Guid.CreateVersion7();
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync("INSERT INTO lists (tenant_id, list_id, name, created_at) VALUES (@tenant, @id, 'Customers', clock_timestamp())", new { tenant = tenant.Id, id });
        await transaction.CommitAsync();
        return id;
    }

    public static async Task<Guid> NewListAsync(string connectionString, Guid tenantId)
    {
        var id = Guid.CreateVersion7();
        await ExecuteAsync(connectionString, $"INSERT INTO campaignhub.lists (tenant_id, list_id, name, created_at) VALUES ('{tenantId}', '{id}', 'Customers', clock_timestamp())");
        return id;
    }

    /// <summary>Asks the database of a service that is a process of its own.</summary>
    public static async Task<T?> QueryAsync<T>(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<T>(sql);
    }

    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync(sql);
    }

    public static async Task<IReadOnlyList<T>> QueryAsync<T>(this TestService service, TestTenant tenant, string sql)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        return await transaction.QueryAsync<T>(sql);
    }

    public static async Task ExecuteAsync(this TestService service, TestTenant tenant, string sql)
    {
        await using var transaction = await service.Get<Database>().BeginAsync(tenant.Id, CancellationToken.None);
        await transaction.ExecuteAsync(sql);
        await transaction.CommitAsync();
    }

    public static async Task<IReadOnlyList<string>> StagingTablesAsync(this TestService service)
    {
        await using var connection = await service.Get<Database>().OpenConnectionAsync(CancellationToken.None);
        return (await connection.QueryAsync<string>("SELECT tablename FROM pg_tables WHERE schemaname = 'campaignhub_staging'")).AsList();
    }

    public static Task<HttpResponseMessage> UploadAsync(this HttpClient http, string query, byte[] body, string mediaType = "text/csv", string? idempotencyKey = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/imports?{query}") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        return http.SendAsync(request);
    }

    public static Task<HttpResponseMessage> UploadAsync(this HttpClient http, string query, string body, string mediaType = "text/csv", string? idempotencyKey = null) =>
        http.UploadAsync(query, Encoding.UTF8.GetBytes(body), mediaType, idempotencyKey);

    /// <summary>Imports and waits for the end, which must be a good one.</summary>
    public static async Task<JsonObject> ImportAsync(this HttpClient http, string query, string body, string mediaType = "text/csv")
    {
        var begun = await http.UploadAsync(query, body, mediaType).ExpectAsync(HttpStatusCode.Accepted);
        return await http.FinishedAsync(begun["id"]!.GetValue<Guid>());
    }

    public static Task<JsonObject> FinishedAsync(this HttpClient http, Guid id) => Eventually.Async(
        () => http.GetJsonAsync($"/v1/imports/{id}"),
        import => import["status"]!.GetValue<string>() switch { "finished" => true, "failed" => throw new InvalidOperationException(import.ToJsonString()), _ => false },
        "the import finishes", seconds: 240);

    public static long Count(this JsonObject import, string name) => import[name]!.GetValue<long>();

    public static void ShouldAddUp(this JsonObject import) =>
        import.Count("rows").ShouldBe(import.Count("created") + import.Count("updated") + import.Count("duplicates") + import.Count("invalid"));
}

/// <summary>A recipient's columns that tests look at.</summary>
internal sealed record Person
{
    public Guid RecipientId { get; init; }
    public string Email { get; init; } = "";
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Country { get; init; }
    public string? Region { get; init; }
    public string? TimeZone { get; init; }
    public string TimeZoneSource { get; init; } = "";
    public string Attributes { get; init; } = "";
    public string ConsentStatus { get; init; } = "";
    public string? ConsentSource { get; init; }

    public const string All = "SELECT recipient_id, email, first_name, last_name, country, region, time_zone, time_zone_source, attributes, consent_status, consent_source FROM recipients ORDER BY email_key";
}
