using System.Globalization;
using System.Net;
using System.Text;

namespace CampaignHub.Server.Tests.Audience.Imports;

/// <summary>What kill -9 in the middle of a merge costs: nothing, and no row is merged or counted twice.</summary>
public sealed class ImportKillTests
{
    private const int Rows = 100_000;
    private const int Repeated = 5_000;
    private const int Broken = 2_000;

    [Fact]
    public async Task Killed_in_mid_merge_an_import_goes_on_with_no_row_twice()
    {
        await using var child = await ChildService.StartAsync();
        var tenant = await child.NewTenantAsync();
        var list = await ImportCalls.NewListAsync(child.ConnectionString, tenant.Id);
        var begun = await tenant.Http.UploadAsync($"list_id={list}", File(Rows)).ExpectAsync(HttpStatusCode.Accepted);
        var id = begun["id"]!.GetValue<Guid>();

        var seen = 0L;
        foreach (var share in (int[])[1, 3, 6])
        {
            var running = await Eventually.Async(() => tenant.Http.GetJsonAsync($"/v1/imports/{id}"), i => i.Count("created") >= share * Rows / 10, "the merge is under way", seconds: 240);
            await child.KillAsync();
            running["status"]!.GetValue<string>().ShouldBe("running");
            seen = running.Count("created");
            await child.StartAgainAsync();
        }
        var import = await tenant.Http.FinishedAsync(id);

        import.Count("created").ShouldBeGreaterThan(seen);
        (import.Count("rows"), import.Count("created"), import.Count("updated"), import.Count("duplicates"), import.Count("invalid"))
            .ShouldBe((Rows, Rows - Repeated - Broken, 0, Repeated, Broken));
        import["consent"]!["granted"]!.GetValue<int>().ShouldBe(Rows - Repeated - Broken);
        var people = await ImportCalls.QueryAsync<long>(child.ConnectionString, "SELECT count(*) FROM campaignhub.recipients");
        var members = await ImportCalls.QueryAsync<long>(child.ConnectionString, "SELECT count(*) FROM campaignhub.list_recipients");
        (people, members).ShouldBe((Rows - Repeated - Broken, Rows - Repeated - Broken));
        (await ImportCalls.QueryAsync<long>(child.ConnectionString, "SELECT count(*) FROM pg_tables WHERE schemaname = 'campaignhub_staging'")).ShouldBe(0);
    }

    [Fact]
    public async Task Killed_in_mid_upload_an_import_has_failed_and_the_file_can_be_sent_again()
    {
        await using var child = await ChildService.StartAsync();
        var tenant = await child.NewTenantAsync();
        var list = await ImportCalls.NewListAsync(child.ConnectionString, tenant.Id);
        var body = new GatedBody(File(40_000));
        var upload = tenant.Http.PostAsync($"/v1/imports?list_id={list}", body);
        await Eventually.Async(async () => await ImportCalls.QueryAsync<long>(child.ConnectionString, "SELECT coalesce(max(rows), 0) FROM campaignhub.imports") > 0, "part of the file is staged", seconds: 240);
        await child.KillAsync();
        body.Open();
        await Should.ThrowAsync<HttpRequestException>(upload);
        await ImportCalls.ExecuteAsync(child.ConnectionString, "UPDATE campaignhub.imports SET heartbeat_at = heartbeat_at - interval '1 minute'");
        await child.StartAgainAsync();

        await Eventually.Async(async () => await ImportCalls.QueryAsync<string>(child.ConnectionString, "SELECT failure_code FROM campaignhub.imports") == "upload_interrupted", "the upload is given up");
        var import = await tenant.Http.ImportAsync($"list_id={list}", File(40_000));
        import.Count("invalid").ShouldBe(Broken);
        import.ShouldAddUp();
    }

    private static string File(int rows)
    {
        var file = new StringBuilder("email,first_name,consent\n");
        for (var row = 0; row < rows; row++)
            file.Append(CultureInfo.InvariantCulture, $"{Address(row)},P{row},granted\n");
        return file.ToString();
    }

    private static string Address(int row) => row switch
    {
        < Broken => "nobody",
        < Broken + Repeated => string.Create(CultureInfo.InvariantCulture, $"p{row + 50_000}@example.com"),
        _ => string.Create(CultureInfo.InvariantCulture, $"p{row}@example.com"),
    };

    /// <summary>A body that stops in the middle until it is opened.</summary>
    private sealed class GatedBody : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public GatedBody(string text)
        {
            _bytes = Encoding.UTF8.GetBytes(text);
            Headers.ContentType = new("text/csv");
        }

        public void Open() => _gate.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, _bytes.Length / 2));
            await stream.FlushAsync();
            await _gate.Task;
            await stream.WriteAsync(_bytes.AsMemory(_bytes.Length / 2));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
