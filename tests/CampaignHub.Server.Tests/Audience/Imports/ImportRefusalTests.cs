using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CampaignHub.Server.Tests.Audience.Imports;

public sealed class ImportRefusalTests(TestServiceFixture fixture) : IClassFixture<TestServiceFixture>
{
    private readonly TestService service = fixture.Service;

    [Theory]
    [InlineData("nothing", "empty_file")]
    [InlineData("blank lines", "empty_file")]
    [InlineData("blank NDJSON", "empty_file")]
    [InlineData("no email column", "no_email_column")]
    [InlineData("zip", "unreadable_file")]
    [InlineData("gzip", "unreadable_file")]
    [InlineData("binary", "unreadable_file")]
    [InlineData("UTF-16 NDJSON", "not_utf8")]
    [InlineData("UTF-32", "unreadable_file")]
    [InlineData("UTF-8 as UTF-16", "no_email_column")]
    [InlineData("endless header", "line_too_long")]
    [InlineData("open quote", "line_too_long")]
    [InlineData("endless NDJSON", "line_too_long")]
    public async Task A_file_that_is_none_fails_and_leaves_nothing(string what, string code)
    {
        var (mediaType, file) = FileOf(what);
        var (tenant, list) = await NewAsync();
        using var answer = await tenant.Http.UploadAsync($"list_id={list}", file, mediaType);
        var problem = await Task.FromResult(answer).ExpectAsync(HttpStatusCode.UnprocessableEntity);
        problem.FieldCode("body").ShouldBe(code);
        var import = await tenant.Http.GetJsonAsync(answer.Headers.Location!.OriginalString);
        import["status"]!.GetValue<string>().ShouldBe("failed");
        import["failure"]!["code"]!.GetValue<string>().ShouldBe(code);
        (await service.StagingTablesAsync()).ShouldNotContain($"import_{import["id"]!.GetValue<Guid>():N}");
        (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM recipients")).Single().ShouldBe(0);
    }

    [Fact]
    public async Task A_line_of_gigabytes_is_refused_before_it_is_sent()
    {
        var (tenant, list) = await NewAsync();
        using var line = new EndlessLine();
        var upload = tenant.Http.PostAsync($"/v1/imports?list_id={list}", line);
        await Eventually.Async(async () => (await service.QueryAsync<string>(tenant, "SELECT failure_code FROM imports")).Contains("line_too_long"), "the import fails");
        line.End();
        using var answer = await upload;
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/csv; charset=shift_jis")]
    [InlineData("application/x-ndjson; charset=utf-16")]
    [InlineData("application/zip")]
    public async Task Other_media_types_are_refused(string mediaType)
    {
        var (tenant, list) = await NewAsync();
        await tenant.Http.UploadAsync($"list_id={list}", "email\n", mediaType).ExpectAsync(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Wrong_parameters_are_named()
    {
        var (tenant, list) = await NewAsync();
        (await tenant.Http.UploadAsync("", "email\n").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode("list_id").ShouldBe("required");
        (await tenant.Http.UploadAsync($"list_id={list}&consent=yes", "email\n").ExpectAsync(HttpStatusCode.UnprocessableEntity)).FieldCode("consent").ShouldBe("invalid");
        (await tenant.Http.UploadAsync($"list_id={list}&supress=true", "email\n").ExpectAsync(HttpStatusCode.BadRequest)).FieldCode("supress").ShouldBe("unknown_parameter");
    }

    [Fact]
    public async Task Anothers_list_and_import_are_not_there()
    {
        var (tenant, list) = await NewAsync();
        var import = await tenant.Http.ImportAsync($"list_id={list}", "email\nann@example.com\n");
        var other = await service.NewTenantAsync();
        await other.Http.UploadAsync($"list_id={list}", "email\n").ExpectAsync(HttpStatusCode.NotFound);
        await other.Http.GetAsync($"/v1/imports/{import["id"]}").ExpectAsync(HttpStatusCode.NotFound);
        await other.Http.GetAsync($"/v1/imports/{import["id"]}/errors").ExpectAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("email\nann@example.com\n", HttpStatusCode.Accepted)]
    [InlineData("name\nAnn\n", HttpStatusCode.UnprocessableEntity)]
    public async Task A_file_sent_again_with_its_key_gets_the_first_answer(string file, HttpStatusCode status)
    {
        var (tenant, list) = await NewAsync();
        var first = await tenant.Http.UploadAsync($"list_id={list}", file, idempotencyKey: "once").ExpectAsync(status);
        var again = await tenant.Http.UploadAsync($"list_id={list}", file, idempotencyKey: "once").ExpectAsync(status);
        again.ToJsonString().ShouldBe(first.ToJsonString());
        (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM imports")).Single().ShouldBe(1);

        var other = await tenant.Http.UploadAsync($"list_id={list}", file + "x", idempotencyKey: "once").ExpectAsync(HttpStatusCode.UnprocessableEntity);
        other.ProblemType().ShouldBe("idempotency_key_reused");
    }

    [Fact]
    public async Task An_upload_that_breaks_off_has_failed()
    {
        var (tenant, list) = await NewAsync();
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await socket.ConnectAsync(service.Url.Host, service.Url.Port);
            await socket.SendAsync(Encoding.ASCII.GetBytes(
                $"POST /v1/imports?list_id={list} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Key}\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\nemail\nann@example.com\n"));
            await Eventually.Async(async () => (await service.QueryAsync<string>(tenant, "SELECT status FROM imports")).Contains("staging"), "the upload has begun");
        }
        await Eventually.Async(async () => (await service.QueryAsync<string>(tenant, "SELECT failure_code FROM imports")).Single() == "upload_interrupted", "the import fails");
        (await service.QueryAsync<long>(tenant, "SELECT count(*) FROM recipients")).Single().ShouldBe(0);
    }

    [Fact]
    public async Task An_upload_whose_node_died_is_given_up_and_cleared_away()
    {
        var (tenant, list) = await NewAsync();
        var id = Guid.CreateVersion7();
        await service.ExecuteAsync(tenant, $"""
            CREATE TABLE campaignhub_staging.import_{id:N} (row_no bigint);
            INSERT INTO imports (tenant_id, import_id, list_id, status, heartbeat_at, created_at)
            VALUES ('{tenant.Id}', '{id}', '{list}', 'staging', clock_timestamp() - interval '2 minutes', clock_timestamp())
            """);
        var failed = await Eventually.Async(() => tenant.Http.GetJsonAsync($"/v1/imports/{id}"), i => i["status"]!.GetValue<string>() == "failed", "the upload is given up");
        failed["failure"]!["code"]!.GetValue<string>().ShouldBe("upload_interrupted");
        (await service.StagingTablesAsync()).ShouldNotContain($"import_{id:N}");
    }

    private static (string MediaType, byte[] File) FileOf(string what) => what switch
    {
        "nothing" => ("text/csv", []),
        "blank lines" => ("text/csv", "\uFEFF\r\n\n"u8.ToArray()),
        "blank NDJSON" => ("application/x-ndjson", "\n\n"u8.ToArray()),
        "no email column" => ("text/csv", "name,city\nAnn,Rome\n"u8.ToArray()),
        "zip" => ("text/csv", Zip()),
        "gzip" => ("text/csv", Gzip()),
        "binary" => ("text/csv", [.. "email\nann@example.com\n"u8, 0, 1, 2]),
        "UTF-16 NDJSON" => ("application/x-ndjson", Encoding.Unicode.GetBytes("{\"email\":\"ann@example.com\"}\n")),
        "UTF-32" => ("text/csv", [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes("email\nann@example.com\n")]),
        "UTF-8 as UTF-16" => ("text/csv; charset=utf-16", "email\nann@example.com\n"u8.ToArray()),
        "endless header" => ("text/csv", Encoding.UTF8.GetBytes("email," + new string('x', 3_000_000))),
        "open quote" => ("text/csv", Encoding.UTF8.GetBytes("email,note\nann@example.com,\"" + new string('x', 3_000_000))),
        "endless NDJSON" => ("application/x-ndjson", Encoding.UTF8.GetBytes("{\"email\":\"" + new string('x', 3_000_000))),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "There is no such file."),
    };

    private static byte[] Zip()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("customers.csv").Open())
            entry.Write("email\nann@example.com\n"u8);
        return bytes.ToArray();
    }

    private static byte[] Gzip()
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write("email\nann@example.com\n"u8);
        return bytes.ToArray();
    }

    private async Task<(TestTenant Tenant, Guid List)> NewAsync()
    {
        var tenant = await service.NewTenantAsync();
        return (tenant, await service.NewListAsync(tenant));
    }

    /// <summary>One line that goes on until it is told to end.</summary>
    private sealed class EndlessLine : HttpContent
    {
        private volatile bool _ended;

        public EndlessLine() => Headers.ContentType = new("text/csv");

        public void End() => _ended = true;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("email,"u8.ToArray());
            var piece = Encoding.ASCII.GetBytes(new string('x', 64 * 1024));
            while (!_ended)
                await stream.WriteAsync(piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
