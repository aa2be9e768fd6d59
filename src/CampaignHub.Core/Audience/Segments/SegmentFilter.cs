namespace CampaignHub.Core.Audience.Segments;

/// <summary>A filter over recipients: a condition, or a group of filters.</summary>
public abstract record SegmentFilter;

/// <summary>How the members of a group go together; on the wire by <see cref="WireWords"/>.</summary>
public enum GroupKind
{
    /// <summary>Each of them holds.</summary>
    All,

    /// <summary>At least one of them holds.</summary>
    Any,

    /// <summary>None of them holds.</summary>
    None,
}

/// <summary>Filters that go together.</summary>
public sealed record FilterGroup(GroupKind Kind, IReadOnlyList<SegmentFilter> Members) : SegmentFilter;

/// <summary>What a condition asks; on the wire by <see cref="WireWords"/>.</summary>
public enum FilterOp
{
    /// <summary>It is this value. Texts are compared without regard to case.</summary>
    Eq,

    /// <summary>It isn't this value; who has none is among them.</summary>
    Ne,

    /// <summary>It is one of these values.</summary>
    In,

    /// <summary>There is one (<c>true</c>), or none (<c>false</c>).</summary>
    Exists,

    /// <summary>It is more, or later.</summary>
    Gt,

    /// <summary>It is less, or earlier.</summary>
    Lt,

    /// <summary>The text has this in it, in any case.</summary>
    Contains,

    /// <summary>The text begins with this, in any case.</summary>
    StartsWith,

    /// <summary>It lies within so many days before now.</summary>
    WithinDays,
}

/// <summary>One question about a person.</summary>
/// <param name="Field">What it is about.</param>
/// <param name="Op">What is asked, one of the field's.</param>
/// <param name="Value">A string, decimal, bool, <see cref="NodaTime.Instant"/>, <see cref="NodaTime.LocalDate"/>, Guid, int (days), or an array of strings, Guids or, of an attribute, objects for <see cref="FilterOp.In"/>.</param>
/// <param name="Path">Of an attribute: its name, and those within it.</param>
public sealed record FilterCondition(FilterField Field, FilterOp Op, object Value, IReadOnlyList<string> Path) : SegmentFilter;
