using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace CampaignHub.Benchmarks;

/// <summary>A shop with many customers and one relay, which mails them campaigns; all over HTTP.</summary>
internal sealed class Mailing
{
    public const string OperatorKey = "operator-of-a-benchmark";
    public const string SenderDomain = "shop.example";

    private readonly HttpClient _http;
    private readonly Guid _relayId;

    private Mailing(HttpClient http, Guid tenantId, Guid relayId) => (_http, TenantId, _relayId) = (http, tenantId, relayId);

    public Guid TenantId { get; }

    /// <summary>Makes a tenant, answers its id, and lets the client call with its key from now on.</summary>
    public static async Task<Guid> NewTenantAsync(HttpClient http)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OperatorKey);
        var tenant = await PostAsync(http, "/v1/tenants", new { name = "Benchmark" });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tenant["api_key"]!.GetValue<string>());
        return tenant["id"]!.GetValue<Guid>();
    }

    /// <summary>Makes the tenant and its relay, which leads nowhere yet.</summary>
    public static async Task<Mailing> StartAsync(HttpClient http, int connections)
    {
        var tenantId = await NewTenantAsync(http);
        var relay = await PostAsync(http, "/v1/relays", new
        {
            name = "sink",
            host = "127.0.0.1",
            port = 25,
            tls = "none",
            max_connections = connections,
            max_messages_per_connection = 1_000,
        });
        return new Mailing(http, tenantId, IdOf(relay));
    }

    /// <summary>Imports so many consenting customers, and answers the list that holds them.</summary>
    /// <param name="people">How many.</param>
    /// <param name="domainOf">The mail domain of each by number; else fifty in turn.</param>
    public async Task<Guid> ImportAsync(int people, Func<int, string>? domainOf = null)
    {
        var listId = IdOf(await PostAsync(_http, "/v1/lists", new { name = $"{people:N0} customers" }));
        using var file = new StringContent(Customers(people, domainOf ?? (i => $"mail{i % 50}.example")), Encoding.UTF8, "text/csv");
        using var answer = await _http.PostAsync($"/v1/imports?list_id={listId}&consent=granted&consent_source=benchmark", file);
        var import = await ReadAsync(answer);
        while (import["status"]!.GetValue<string>() is not ("finished" or "failed"))
        {
            await Task.Delay(100);
            import = await GetAsync($"/v1/imports/{import["id"]}");
        }
        if (import["rows"]!.GetValue<int>() != people || import["invalid"]!.GetValue<int>() != 0)
            throw new InvalidOperationException($"The import went wrong: {import}");
        return listId;
    }

    /// <summary>Leads the relay to a sink on this machine.</summary>
    public async Task LeadToAsync(int port)
    {
        using var answer = await _http.PatchAsJsonAsync($"/v1/relays/{_relayId}", new { port });
        await ReadAsync(answer);
    }

    /// <summary>Makes and plans a campaign to the list, to be sent at once when it is launched.</summary>
    public async Task<Guid> PlanAsync(Guid listId, string whenUncertain = "resend")
    {
        var campaign = IdOf(await PostAsync(_http, "/v1/campaigns", new
        {
            name = "Autumn",
            subject = Letter.Subject,
            from = new { name = "Lark & Loom", email = $"news@{SenderDomain}" },
            html = Letter.Html,
            audience = new { list_ids = new[] { listId } },
            schedule = new { strategy = "now" },
            when_uncertain = whenUncertain,
        }));
        await PostAsync(_http, $"/v1/campaigns/{campaign}/plan", null);
        while ((await GetAsync($"/v1/campaigns/{campaign}/plan"))["status"]!.GetValue<string>() != "ready")
            await Task.Delay(50);
        return campaign;
    }

    public Task LaunchAsync(Guid campaign) => PostAsync(_http, $"/v1/campaigns/{campaign}/launch", null);

    /// <param name="campaign">A launched one.</param>
    /// <param name="action"><c>pause</c>, <c>resume</c> or <c>cancel</c>.</param>
    public Task ActAsync(Guid campaign, string action) => PostAsync(_http, $"/v1/campaigns/{campaign}/{action}", null);

    /// <summary>The campaign: its status, and its deliveries by state.</summary>
    public Task<JsonObject> GetCampaignAsync(Guid campaign) => GetAsync($"/v1/campaigns/{campaign}");

    private static string Customers(int people, Func<int, string> domainOf)
    {
        var names = CustomerNames.ByLanguage.Values.ToList();
        var file = new StringBuilder("email,first_name,last_name,country,city,points,size,favourite,member_since\n");
        for (var i = 0; i < people; i++)
        {
            var (language, country) = (names[i % names.Count], CustomerCountry.All[i % CustomerCountry.All.Count]);
            file.Append(CultureInfo.InvariantCulture, $"p{i}@{domainOf(i)},{language.Given[i % language.Given.Length]},")
                .Append(CultureInfo.InvariantCulture, $"{language.Family[i % language.Family.Length]},{country.Code},\"{country.Cities[i % country.Cities.Length][0]}\",")
                .Append(CultureInfo.InvariantCulture, $"{i * 37 % 4_000},{"SML"[i % 3]},{Letter.Goods[i % Letter.Goods.Length].Name},{2015 + (i % 12)}\n");
        }
        return file.ToString();
    }

    private static Guid IdOf(JsonObject made) => made["id"]!.GetValue<Guid>();

    private static async Task<JsonObject> PostAsync(HttpClient http, string path, object? body)
    {
        using var answer = await http.PostAsync(path, body is null ? null : JsonContent.Create(body));
        return await ReadAsync(answer);
    }

    private async Task<JsonObject> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(path);
        return await ReadAsync(answer);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer) => answer.IsSuccessStatusCode
        ? (await answer.Content.ReadFromJsonAsync<JsonObject>())!
        : throw new InvalidOperationException($"{answer.RequestMessage!.RequestUri} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
}
