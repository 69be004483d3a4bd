namespace RegistryIndex.Server.Answers;

/// <summary>The errors that are answered with a page, as people read them and not programs.</summary>
internal interface IErrorPages
{
    /// <summary>Returns the page; null when the error is answered as JSON.</summary>
    IResult? Find(HttpContext context, int status, string sentence);
}
