using System.Text.Json;

namespace CampaignHub.Core.Audience;

/// <summary>One line of NDJSON → a recipient, by the fields and rules of <c>POST /v1/recipients</c>.</summary>
public static class JsonRow
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>The fields that are one text each. An absent one leaves the recipient's as it was, <c>null</c> clears it.</summary>
    private static readonly string[] TextFields = ["first_name", "last_name", "locale", "country", "region", "phone", "time_zone"];

    /// <summary>A recipient, or the first thing that is wrong with the line.</summary>
    /// <param name="line">One line in UTF-8, without its end.</param>
    public static ImportRow Map(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, Options);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new JsonRowReader(json.RootElement).Read()
                : new RowError("row", RecipientCodes.InvalidJson, "A line must be one JSON object.", "");
        }
        catch (JsonException fault)
        {
            return new RowError("row", RecipientCodes.InvalidJson, $"The line is no valid JSON (byte {fault.BytePositionInLine + 1}), or repeats a field.", "");
        }
        catch (InvalidOperationException)
        {
            // How System.Text.Json refuses a name with half a surrogate pair, wherever it stands: it has no Try form.
            return new RowError("row", RecipientCodes.NotText, "The name of a field holds half a surrogate pair.", "");
        }
    }

    internal static bool IsTextField(string name) => Array.IndexOf(TextFields, name) >= 0;
}
