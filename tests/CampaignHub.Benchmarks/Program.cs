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
    default:
        Console.WriteLine("Name a benchmark: hub bench import [ROWS]; or: customers FILE ROWS");
        return 1;
}
