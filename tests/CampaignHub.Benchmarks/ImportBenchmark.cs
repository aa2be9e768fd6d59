using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;

namespace CampaignHub.Benchmarks;

/// <summary>
/// Imports customers in Shopify's layout, new, again as they are, and again with a change in every row, beside a plain COPY
/// of the same data in the same run.
/// </summary>
internal static class ImportBenchmark
{
    /// <summary>So many are imported before anything is measured: code is compiled, and log files of the database are there.</summary>
    private const int WarmUpRows = 100_000;

    private const int Customers = 20261127;
    private const int OtherCustomers = 20261128;

    public static async Task<int> RunAsync(int rows)
    {
        var file = await WriteAsync(rows, Customers, laterOrders: 0);
        Console.WriteLine($"{rows:N0} customers in Shopify's layout, {new FileInfo(file).Length / 1e6:N0} MB, {Environment.ProcessorCount} processors");
        await using var service = await ServiceUnderTest.StartAsync();
        var tenantId = await service.NewTenantAsync();
        await WarmUpAsync(service, tenantId);
        var listId = await NewListAsync(service.ConnectionString, tenantId);

        var created = await ImportAsync("new rows", service, file, listId);
        var copied = await PlainCopy.RunAsync(service.ConnectionString);
        var updated = await ImportAsync("updates", service, file, listId);
        File.Delete(file);
        file = await WriteAsync(rows, Customers, laterOrders: 1);
        var changed = await ImportAsync("changes", service, file, listId);
        File.Delete(file);

        Console.WriteLine($"plain COPY  {copied,9:N0} rows/s");
        Console.WriteLine($"new rows    {created,9:N0} rows/s = {created / copied:0.00} of it (aim 0.40)");
        Console.WriteLine($"updates     {updated,9:N0} rows/s = {updated / copied:0.00} of it (aim 0.25)");
        Console.WriteLine($"changes     {changed,9:N0} rows/s = {changed / copied:0.00} of it (the same people, each with one order more)");
        Console.WriteLine($"peak memory {service.PeakMemory(),9:N0} MB (aim below 300)");
        return 0;
    }

    private static async Task WarmUpAsync(ServiceUnderTest service, Guid tenantId)
    {
        var file = await WriteAsync(WarmUpRows, OtherCustomers, laterOrders: 0);
        await ImportAsync("warm-up", service, file, await NewListAsync(service.ConnectionString, tenantId));
        File.Delete(file);
    }

    private static async Task<string> WriteAsync(int rows, int seed, int laterOrders)
    {
        var file = Path.GetTempFileName();
        await using var to = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        CustomerFile.Write(to, rows, seed, laterOrders);
        return file;
    }

    /// <summary>From the first byte sent until the import is finished, in rows a second.</summary>
    private static async Task<double> ImportAsync(string what, ServiceUnderTest service, string file, Guid listId)
    {
        await using var poll = new ApiPoll(service.Http);
        var processor = service.ProcessorTime();
        var watch = Stopwatch.StartNew();
        await using var body = File.OpenRead(file);
        using var content = new StreamContent(body, 64 * 1024);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var answer = await service.Http.PostAsync($"/v1/imports?list_id={listId}", content);
        answer.EnsureSuccessStatusCode();
        var staged = watch.Elapsed;
        var import = await FinishedAsync(service.Http, (await answer.Content.ReadFromJsonAsync<JsonObject>())!["id"]!.GetValue<Guid>());
        var all = watch.Elapsed;
        Console.WriteLine($"{what}: staged in {staged.TotalSeconds:0.0} s, merged in {(all - staged).TotalSeconds:0.0} s, service used {(service.ProcessorTime() - processor).TotalSeconds:0.0} s of processor; API meanwhile: {await poll.SummaryAsync()}");
        Console.WriteLine($"  {import["created"]} created, {import["updated"]} updated, {import["duplicates"]} duplicates, {import["invalid"]} invalid");
        return import["rows"]!.GetValue<long>() / all.TotalSeconds;
    }

    private static async Task<JsonObject> FinishedAsync(HttpClient http, Guid id)
    {
        while (true)
        {
            var import = (await http.GetFromJsonAsync<JsonObject>($"/v1/imports/{id}"))!;
            if (import["status"]!.GetValue<string>() is "finished")
                return import;
            if (import["status"]!.GetValue<string>() is "failed")
                throw new InvalidOperationException(import.ToJsonString());
            await Task.Delay(50);
        }
    }

    private static async Task<Guid> NewListAsync(string connectionString, Guid tenantId)
    {
        var id = Guid.CreateVersion7();
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("INSERT INTO campaignhub.lists (tenant_id, list_id, name, created_at) VALUES ($1, $2, 'Customers', clock_timestamp())");
        command.Parameters.AddWithValue(tenantId);
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync();
        return id;
    }
}
