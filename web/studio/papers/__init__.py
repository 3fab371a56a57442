"""Letters and mails of a draft: written beside their proof, with the sample's values or those of a real case."""
