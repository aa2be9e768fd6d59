using PhoneNumbers;

namespace CampaignHub.Core.Audience;

/// <summary>What a phone number says of where its owner lives.</summary>
/// <param name="Country">ISO 3166-1 alpha-2: the country, within the calling code, that the number belongs to.</param>
/// <param name="TimeZone">A tzdb id: the only zone in which the number is given out.</param>
public readonly record struct PhonePlace(string Country, string TimeZone);

/// <summary>
/// Phone number → zone, by libphonenumber's own tables. A number that is given out in several zones, as a Russian mobile
/// is, says nothing; neither does one that isn't valid.
/// </summary>
public static class PhoneZones
{
    /// <summary>The region under which libphonenumber reads international numbers only.</summary>
    private const string NoCountry = "ZZ";

    /// <summary>No area code and number together have fewer digits.</summary>
    private const int ShortestNumber = 5;

    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();
    private static readonly PhoneNumberToTimeZonesMapper Zones = PhoneNumberToTimeZonesMapper.GetInstance();

    /// <param name="phone">As it is written: with <c>+</c> and calling code (E.164), or as it is dialled in its country.</param>
    /// <param name="country">A code of <see cref="Countries"/>, under which a national number is read; null: only international ones are.</param>
    public static PhonePlace? Read(string? phone, string? country)
    {
        // Whatever can't be read is thrown at us: what surely can't is told apart before.
        if (phone is null || phone.Length < ShortestNumber || country is null && !phone.Contains('+') || !TryParse(phone, country ?? NoCountry, out var number))
            return null;
        return Zones.GetTimeZonesForNumber(number) is [var only]
            && Numbers.GetRegionCodeForNumber(number) is { } owner && Countries.All.Contains(owner)
            && TimeZones.TryParse(only, out var zone, out _)
                ? new PhonePlace(owner, zone) : null;
    }

    private static bool TryParse(string phone, string country, out PhoneNumber number)
    {
        try
        {
            number = Numbers.Parse(phone, country);
            return true;
        }
        catch (NumberParseException)
        {
            number = new PhoneNumber();
            return false;
        }
    }
}
