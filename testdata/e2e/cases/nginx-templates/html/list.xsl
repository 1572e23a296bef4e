<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:param name="title"/>
<xsl:output method="html" encoding="UTF-8"/>
<xsl:template match="/list"><h1><xsl:value-of select="$title"/></h1><xsl:for-each select="item"><xsl:sort/><li><xsl:value-of select="."/></li></xsl:for-each></xsl:template>
</xsl:stylesheet>
