using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace CampaignHub.Server.Tests.Storefronts;

/// <summary>A shop's own API, as Shopify and WooCommerce speak it, over 120 customers with an order each; it can be told to fail.</summary>
internal sealed class FakeShop : HttpMessageHandler, IHttpClientFactory
{
    private const int People = 120;

    private readonly Queue<Func<HttpResponseMessage>> _failures = new();

    public List<string> Calls { get; } = [];

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    /// <summary>Answers the next call so.</summary>
    public void FailNext(HttpStatusCode status, int? retryAfterSeconds = null) => _failures.Enqueue(() =>
    {
        var answer = new HttpResponseMessage(status);
        if (retryAfterSeconds is { } seconds)
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    });

    /// <summary>Answers the next call as Shopify does beyond its limit of cost.</summary>
    public void ThrottleNext() => _failures.Enqueue(() => Json("""
        {"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}],
         "extensions":{"cost":{"requestedQueryCost":60,"actualQueryCost":null,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":10,"restoreRate":100.0 } } } }
        """));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Calls.Add($"{request.Method} {request.RequestUri}");
        if (_failures.TryDequeue(out var failure))
            return failure();
        return request.RequestUri!.AbsolutePath.StartsWith("/wp-json/", StringComparison.Ordinal)
            ? Woo(request) : Shopify(request, JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!);
    }

    private static HttpResponseMessage Shopify(HttpRequestMessage request, JsonNode body)
    {
        if (request.Headers.GetValues("X-Shopify-Access-Token").Single() != "shpat_token")
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        var after = int.Parse(body["variables"]!["after"]?.GetValue<string>() ?? "0");
        var isOrders = body["query"]!.GetValue<string>().Contains("orders(", StringComparison.Ordinal);
        var nodes = string.Join(',', Enumerable.Range(after + 1, Math.Min(50, People - after)).Select(n => isOrders ? Order(n) : Customer(n)));
        var end = Math.Min(after + 50, People);
        return Json($$$"""
            {"data":{"{{{(isOrders ? "orders" : "customers")}}}":{"pageInfo":{"hasNextPage":{{{(end < People ? "true" : "false")}}},"endCursor":"{{{end}}}"},"nodes":[{{{nodes}}}] } },
             "extensions":{"cost":{"requestedQueryCost":60,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":1900,"restoreRate":100.0 } } } }
            """);

        static string Customer(int n) => $$"""
            {"id":"gid://shopify/Customer/{{n}}","firstName":"P{{n}}","lastName":null,"locale":"de","tags":["a","b"],"updatedAt":"2026-01-01T00:00:00Z",
             "defaultEmailAddress":{"emailAddress":"p{{n}}@buyer.example","marketingState":"SUBSCRIBED","marketingOptInLevel":"CONFIRMED_OPT_IN","marketingUpdatedAt":"2025-06-01T00:00:00Z"},
             "defaultPhoneNumber":null,"defaultAddress":{"countryCodeV2":"DE","provinceCode":null,"phone":null} }
            """;

        static string Order(int n) => $$"""
            {"id":"gid://shopify/Order/{{n}}","email":"p{{n}}@buyer.example","createdAt":"2026-01-02T00:00:00Z","updatedAt":"2026-01-02T00:00:00Z","cancelledAt":null,"test":false,"customerLocale":null,
             "currentTotalPriceSet":{"shopMoney":{"amount":"10.5","currencyCode":"EUR"} },"customer":{"id":"gid://shopify/Customer/{{n}}","firstName":"P{{n}}","lastName":null,
             "defaultEmailAddress":{"emailAddress":"p{{n}}@buyer.example"} },"billingAddress":null}
            """;
    }

    private static HttpResponseMessage Woo(HttpRequestMessage request)
    {
        if (request.Headers.Authorization?.Parameter != Convert.ToBase64String(Encoding.ASCII.GetBytes("ck_key:cs_secret")))
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        var query = HttpUtility.ParseQueryString(request.RequestUri!.Query);
        var (page, size) = (int.Parse(query["page"]!), int.Parse(query["per_page"]!));
        var numbers = Enumerable.Range(1, People).Skip((page - 1) * size).Take(size);
        return Json($"[{string.Join(',', numbers.Select(n => request.RequestUri.AbsolutePath.EndsWith("orders", StringComparison.Ordinal) ? Order(n) : Customer(n)))}]");

        static string Customer(int n) => $$"""
            {"id":{{n}},"date_created_gmt":"2026-01-01T00:00:00","date_modified_gmt":"2026-01-01T00:00:00","email":"p{{n}}@buyer.example","first_name":"P{{n}}",
             "billing":{"country":"DE"},"meta_data":[{"id":1,"key":"marketing_opt_in","value":"yes"}]}
            """;

        static string Order(int n) => $$"""
            {"id":{{n}},"status":"completed","currency":"EUR","total":"10.50","customer_id":{{n}},"date_created_gmt":"2026-01-02T00:00:00","date_modified_gmt":"2026-01-02T00:00:00",
             "billing":{"email":"p{{n}}@buyer.example"},"meta_data":[]}
            """;
    }

    private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
