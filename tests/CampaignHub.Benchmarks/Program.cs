using System.Globalization;
using System.Text;
using CampaignHub.Benchmarks;

switch (args)
{
    case ["customers", var path, var rows]:
        using (var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            CustomerFile.Write(file, int.Parse(rows, CultureInfo.InvariantCulture), seed: 20261127);
        return 0;
    case ["import"]:
        return await ImportBenchmark.RunAsync(1_000_000);
    case ["import", var rows]:
        return await ImportBenchmark.RunAsync(int.Parse(rows, CultureInfo.InvariantCulture));
    case ["plan"]:
        return await PlanBenchmark.RunAsync(1_000_000);
    case ["plan", var people]:
        return await PlanBenchmark.RunAsync(int.Parse(people, CultureInfo.InvariantCulture));
    case ["compose"]:
        return ComposeBenchmark.Run(5_000);
    case ["compose", var messages]:
        return ComposeBenchmark.Run(int.Parse(messages, CultureInfo.InvariantCulture));
    default:
        Console.WriteLine("""
            Name a benchmark:
              hub bench import [ROWS]        imports beside a plain COPY (default 1,000,000)
              hub bench plan [PEOPLE]        a plan and its launch beside a plain INSERT … SELECT (default 1,000,000)
              hub bench compose [MESSAGES]   making a message beside MimeKit, and signing it (default 5,000 a round)
              hub bench customers FILE ROWS  writes a file of invented customers in Shopify's layout
            """);
        return 1;
}
