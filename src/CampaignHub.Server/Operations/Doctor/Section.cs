namespace CampaignHub.Server.Operations.Doctor;

/// <summary>A part of what the doctor shows.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Lines">Sentences, before the table.</param>
internal sealed record Section(string Title, params IReadOnlyList<string> Lines)
{
    /// <summary>Heads of the table; one that begins with <c>&gt;</c> is set to the right.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>As many cells each as there are columns.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];

    public IReadOnlyList<Finding> Findings { get; init; } = [];
}

/// <summary>Something that isn't well.</summary>
/// <param name="What">A sentence without its full stop.</param>
/// <param name="Remedy">What whoever is on call does about it, likewise.</param>
internal sealed record Finding(string What, string Remedy);
