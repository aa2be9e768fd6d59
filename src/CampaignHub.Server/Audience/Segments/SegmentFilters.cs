using System.Text.Json;
using CampaignHub.Core;
using CampaignHub.Core.Audience.Segments;

namespace CampaignHub.Server.Audience.Segments;

/// <summary>Judges filters that callers send.</summary>
internal static class SegmentFilters
{
    /// <summary>The filter; null where <paramref name="errors"/> says what is wrong with it.</summary>
    public static SegmentFilter? Read(JsonElement? json, List<FieldError> errors)
    {
        if (json is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given)
            return FilterReader.Read(given, "filter", errors);
        errors.Add(new FieldError("filter", "required", "A segment needs a filter."));
        return null;
    }
}
