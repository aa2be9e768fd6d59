using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Server.Tests.Audience;

public sealed class BadInputTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService _service = fixture.Service;

    private HttpClient Http => _service.Http;

    [Theory]
    [InlineData("""{ "email": "a@shop.example", "e_mail": "x" }""", "e_mail", "unknown_field")]
    [InlineData("""{ "email": "a@shop.example", "consent": { "state": "granted" } }""", "consent.state", "unknown_field")]
    [InlineData("""{ "email": 5 }""", "email", "wrong_type")]
    [InlineData("""{ "email": ["a@shop.example"] }""", "email", "wrong_type")]
    [InlineData("""{ "email": "a@shop.example", "lists": "x" }""", "lists", "wrong_type")]
    [InlineData("""{ "email": "a@shop.example", "lists": ["x"] }""", "lists[0]", "wrong_type")]
    [InlineData("""{ "email": "a@shop.example", "consent": "granted" }""", "consent", "wrong_type")]
    [InlineData("""{ "email": "a@shop.example", "first_name": "a\u0000b" }""", "first_name", "wrong_type")]
    [InlineData("""{ "email": "a@shop.example", "first_name": "a\ud800b" }""", "first_name", "wrong_type")]
    [InlineData("""{ "email": "a@shop.example", "attributes": { "\udc00": 1 } }""", "attributes", "wrong_type")]
    public async Task What_cannot_be_read_names_its_field(string body, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/recipients", body).ExpectAsync(HttpStatusCode.BadRequest);
        problem.FieldCode(field).ShouldBe(code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{ \"email\": ")]
    [InlineData("{ \"email\": \"a@shop.example\", \"email\": \"b@shop.example\" }")]
    public async Task What_is_no_object_is_refused(string body) =>
        await Http.PostRawAsync("/v1/recipients", body).ExpectAsync(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("{}", "email", "required")]
    [InlineData("""{ "email": null }""", "email", "required")]
    [InlineData("""{ "email": "nonsense" }""", "email", "invalid_email")]
    [InlineData("""{ "email": "a@shop.example\nBcc: b@shop.example" }""", "email", "invalid_email")]
    [InlineData("""{ "email": "a@shop.example", "time_zone": "Mars/Base" }""", "time_zone", "unknown_time_zone")]
    [InlineData("""{ "email": "a@shop.example", "country": "QQ" }""", "country", "unknown_country")]
    [InlineData("""{ "email": "a@shop.example", "country": "BR", "region": "ZZ" }""", "region", "unknown_region")]
    [InlineData("""{ "email": "a@shop.example", "country": "BR", "region": "US-CA" }""", "region", "unknown_region")]
    [InlineData("""{ "email": "a@shop.example", "locale": "!" }""", "locale", "invalid_locale")]
    [InlineData("""{ "email": "a@shop.example", "attributes": [] }""", "attributes", "invalid_attributes")]
    [InlineData("""{ "email": "a@shop.example", "attributes": { "a": "\u0000" } }""", "attributes", "not_text")]
    [InlineData("""{ "email": "a@shop.example", "attributes": { "a": "\udc00" } }""", "attributes", "not_text")]
    public async Task What_is_invalid_names_its_field(string body, string field, string code)
    {
        var problem = await Http.PostRawAsync("/v1/recipients", body).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode(field).ShouldBe(code);
        (await Http.GetJsonAsync("/v1/recipients?email=a@shop.example"))["data"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_unknown_zone_is_named()
    {
        var problem = await Http.PostAsync("/v1/recipients", new { email = "a@shop.example", time_zone = "Mars/Base" }, HttpStatusCode.UnprocessableEntity);
        problem["errors"]!["time_zone"]!["message"]!.GetValue<string>().ShouldContain("Mars/Base");
    }

    [Fact]
    public async Task All_faults_are_told_at_once()
    {
        var problem = await Http.PostAsync("/v1/recipients",
            new { email = "a@shop.example", country = "QQ", time_zone = "Mars/Base", first_name = new string('x', 201) }, HttpStatusCode.UnprocessableEntity);
        (problem.FieldCode("country"), problem.FieldCode("time_zone"), problem.FieldCode("first_name")).ShouldBe(("unknown_country", "unknown_time_zone", "too_long"));
    }

    [Fact]
    public async Task Attributes_beyond_their_limits_are_refused()
    {
        var large = await Http.PostAsync("/v1/recipients", new { email = "a@shop.example", attributes = new { a = new string('x', 65_536) } }, HttpStatusCode.UnprocessableEntity);
        large.FieldCode("attributes").ShouldBe("too_long");

        var deep = string.Concat(Enumerable.Repeat("[", 16)) + string.Concat(Enumerable.Repeat("]", 16));
        var problem = await Http.PostRawAsync("/v1/recipients", $$"""{ "email": "a@shop.example", "attributes": { "a": {{deep}} } }""").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("attributes").ShouldBe("invalid_attributes");
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "}")]
    public async Task Ten_thousand_levels_of_JSON_are_refused(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 10_000)) + "1" + string.Concat(Enumerable.Repeat(close, 10_000));
        await Http.PostRawAsync("/v1/recipients", $$"""{ "email": "a@shop.example", "attributes": {{deep}} }""").ExpectAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("Content-Length: 104857600")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task A_hundred_megabytes_are_refused_without_being_read(string framing)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_service.Url.Host, _service.Url.Port);
        await using var stream = socket.GetStream();
        var head = $"POST /v1/recipients HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {_service.Tenant.Key}\r\nContent-Type: application/json\r\n{framing}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        var sending = SendZerosAsync(stream, 100L << 20);

        using var reader = new StreamReader(stream, leaveOpen: true);
        (await reader.ReadLineAsync()).ShouldNotBeNull().ShouldStartWith("HTTP/1.1 413 ");

        (await sending).ShouldBeLessThan(50L << 20);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task Another_media_type_is_refused(string mediaType) =>
        (await Http.PostRawAsync("/v1/recipients", """{ "email": "a@shop.example" }""", mediaType)
            .ExpectAsync(HttpStatusCode.UnsupportedMediaType)).ProblemType().ShouldBe("unsupported_media_type");

    [Theory]
    [InlineData("limit=99999999999")]
    [InlineData("limit=x")]
    [InlineData("limit=1&limit=2")]
    [InlineData("page=2")]
    public async Task A_query_that_cannot_be_read_is_refused(string query) =>
        await Http.GetAsync($"/v1/recipients?{query}").ExpectAsync(HttpStatusCode.BadRequest);

    [Fact]
    public async Task A_cursor_of_another_list_or_tenant_is_refused()
    {
        for (var i = 0; i < 2; i++)
            await Http.PostAsync("/v1/lists", new { name = "x" }, HttpStatusCode.Created);
        var cursor = (await Http.GetJsonAsync("/v1/lists?limit=1"))["next_cursor"]!.GetValue<string>();
        await Http.GetJsonAsync($"/v1/lists?limit=1&cursor={cursor}");

        await Http.GetAsync($"/v1/recipients?cursor={cursor}").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        var other = await _service.NewTenantAsync();
        await other.Http.GetAsync($"/v1/lists?cursor={cursor}").ExpectAsync(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>Sends chunks until everything is sent or the other side hangs up; says how much it took.</summary>
    private static async Task<long> SendZerosAsync(NetworkStream stream, long total)
    {
        var chunk = (byte[])[.. "10000\r\n"u8, .. new byte[0x10000], .. "\r\n"u8];
        var sent = 0L;
        try
        {
            for (; sent < total; sent += chunk.Length)
                await stream.WriteAsync(chunk);
        }
        catch (IOException)
        {
            return sent; // What is wanted: the service has closed the connection.
        }
        return sent;
    }
}
