using System.Globalization;
using System.Text;
using CampaignHub.Benchmarks;

if (args is ["customers", var path, var rows, ..])
{
    using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    CustomerFile.Write(file, int.Parse(rows, CultureInfo.InvariantCulture), seed: 20261127);
    return 0;
}
Console.WriteLine("Name a benchmark: hub bench import; or: customers FILE ROWS");
return 1;
