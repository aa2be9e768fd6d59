using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace CampaignHub.Server.Platform.OpenApi;

/// <summary>Summaries from the XML comments that the compiler writes beside each assembly.</summary>
internal static partial class XmlDocs
{
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Summaries = new(Read);

    public static IReadOnlyList<string> Files { get; } =
        [.. new[] { "CampaignHub.xml", "CampaignHub.Core.xml" }.Select(name => Path.Combine(AppContext.BaseDirectory, name)).Where(File.Exists)];

    public static string? Summary(Type type) => Summaries.Value.GetValueOrDefault(XmlCommentsNodeNameHelper.GetMemberNameForType(type));

    public static string? Summary(MemberInfo property) =>
        Summaries.Value.GetValueOrDefault(XmlCommentsNodeNameHelper.GetMemberNameForFieldOrProperty(property));

    /// <summary>Comments are wrapped for the source's width: on the wire a paragraph is one line.</summary>
    public static string? Unwrap(string? text) => text is null ? null : LineBreak().Replace(text.Trim(), " ");

    private static Dictionary<string, string> Read() => Files
        .SelectMany(file => XDocument.Load(file).Descendants("member"))
        .Where(member => member.Element("summary") is not null)
        .DistinctBy(member => member.Attribute("name")!.Value) // Both assemblies have the generated regular expressions' types.
        .ToDictionary(
            member => member.Attribute("name")!.Value,
            member => Unwrap(XmlCommentsTextHelper.Humanize(string.Concat(member.Element("summary")!.Nodes())))!);

    [GeneratedRegex(@"(?<!\n)[ \t]*\r?\n[ \t]*(?!\n)")]
    private static partial Regex LineBreak();
}
