using System.Globalization;

namespace CampaignHub.Benchmarks;

/// <summary>What follows a benchmark's name: numbers by their place, then options, with a value or without.</summary>
internal sealed class Arguments
{
    private readonly List<string> _places = [];
    private readonly Dictionary<string, string> _options = [];

    /// <param name="given">As on the command line.</param>
    /// <param name="options">The options known: "--connections N" takes a value, "--profile" none.</param>
    /// <exception cref="UsageException">Something else was given.</exception>
    public Arguments(IEnumerable<string> given, params string[] options)
    {
        var left = new Queue<string>(given);
        while (left.TryDequeue(out var word))
        {
            if (!word.StartsWith("--", StringComparison.Ordinal))
                _places.Add(word);
            else if (options.Contains(word))
                _options[word] = "";
            else if (options.Any(known => known.StartsWith(word + " ", StringComparison.Ordinal)) && left.TryDequeue(out var value))
                _options[word] = value;
            else
                throw new UsageException($"There is no option {word}, or its value is missing.");
        }
    }

    public bool Has(string option) => _options.ContainsKey(option);

    /// <summary>Whatever was given; null where nothing was.</summary>
    public string? Text(string option) => _options.GetValueOrDefault(option);

    /// <summary>Null where it isn't given.</summary>
    public string? Word(string option, params string[] allowed) => _options.GetValueOrDefault(option) is not { } word || allowed.Contains(word)
        ? _options.GetValueOrDefault(option)
        : throw new UsageException($"{option} is {word}: it must be {string.Join(" or ", allowed)}.");

    public int Number(string option, int otherwise) => _options.TryGetValue(option, out var word) ? Positive(word) : otherwise;

    public int NumberAt(int place, int otherwise) => place < _places.Count ? Positive(_places[place]) : otherwise;

    private static int Positive(string word) => int.TryParse(word, CultureInfo.InvariantCulture, out var number) && number > 0
        ? number
        : throw new UsageException($"{word} is no number from 1 up.");
}

/// <summary>The command line asks for what there isn't; its message says what.</summary>
internal sealed class UsageException(string message) : Exception(message);
