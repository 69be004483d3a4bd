using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using RegistryIndex.Server.Answers;

namespace RegistryIndex.Server.Http;

/// <summary>Parses how many items a client wants on a page.</summary>
internal static class PageLimit
{
    /// <returns>Whether the text is an integer from 1 on; a larger value than the maximum becomes the maximum.</returns>
    public static bool TryRead(string? text, int missing, int most, out int limit)
    {
        limit = missing;
        var isNumber = string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1);
        limit = Math.Min(limit, most);
        return isNumber;
    }

    public static JsonHttpResult<RegistryErrorAnswer> Refuse(string parameter = "limit") =>
        Errors.Registry(StatusCodes.Status400BadRequest, "PAGINATION_NUMBER_INVALID", $"The parameter '{parameter}' must be a whole number from 1 on.");
}
