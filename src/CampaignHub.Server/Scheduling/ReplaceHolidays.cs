using CampaignHub.Core;
using CampaignHub.Core.Audience;
using CampaignHub.Core.Tenancy;
using CampaignHub.Server.Platform.Database;
using CampaignHub.Server.Platform.Http;
using FastEndpoints;
using FluentValidation;
using NodaTime;
using NodaTime.Text;

namespace CampaignHub.Server.Scheduling;

/// <summary>Holidays to take.</summary>
public sealed class ReplaceHolidaysRequest
{
    [FromBody]
    public HolidaysDraft Body { get; set; } = new();
}

/// <summary>All holidays of a tenant.</summary>
public sealed class HolidaysDraft
{
    /// <summary>
    /// Dates (<c>yyyy-MM-dd</c>) by country (ISO 3166-1), at most 5,000 in all; required. A country that is left out has none.
    /// </summary>
    public Dictionary<string, string[]>? Countries { get; set; }
}

/// <summary>
/// Takes these holidays instead of all there were. They count for campaigns that name <c>allowed_days</c>, and move what waits of
/// those that are launched.
/// </summary>
internal sealed class ReplaceHolidays : ApiEndpoint<ReplaceHolidaysRequest, HolidaysView>
{
    private const int MostDates = 5_000;

    public override void Configure()
    {
        Put("/v1/holidays");
        Access(Scope.CampaignsWrite);
        Summary(s => s.Summary = "Replace the holidays");
    }

    protected override async Task<Answer<HolidaysView>> AnswerAsync(ReplaceHolidaysRequest request, TenantTransaction transaction)
    {
        List<FieldError> errors = [];
        var holidays = request.Body.Countries!.SelectMany(country => Read(country.Key, country.Value, errors)).Distinct().ToList();
        if (holidays.Count > MostDates)
            errors.Add(new("countries", RecipientCodes.TooLong, $"There are at most {MostDates:N0} holidays."));
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        await HolidayStore.ReplaceAsync(transaction, holidays);
        await PlanStore.NoteHolidaysChangedAsync(transaction);
        return await HolidaysView.OfAsync(transaction);
    }

    private static IEnumerable<(string Country, LocalDate Date)> Read(string country, string?[]? dates, List<FieldError> errors)
    {
        if (!Countries.TryParse(country, out var code, out var problem))
            errors.Add(new($"countries.{country}", RecipientCodes.UnknownCountry, problem));
        for (var i = 0; i < (dates?.Length ?? 0); i++)
        {
            if (!LocalDatePattern.Iso.Parse(dates![i] ?? "").TryGetValue(default, out var date) || date.Year is < 2000 or > 2200)
                errors.Add(new($"countries.{country}[{i}]", "invalid", $"'{dates[i]}' is not a date of the years 2000 to 2200 such as 2026-12-25."));
            else if (code is not null)
                yield return (code, date);
        }
    }

    internal sealed class Rules : Validator<ReplaceHolidaysRequest>
    {
        public Rules() => RuleFor(r => r.Body.Countries).NotNull();
    }
}
